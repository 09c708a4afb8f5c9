#pragma once

#include "cluster/child_process.hpp"
#include "cluster/unique_fd.hpp"

namespace skein::cluster {

/// A started program and our ends of its pipes (internal to cluster/).
struct launched {
  pid_t pid = 0;
  unique_fd exited; // a pidfd: readable once the program has ended
  unique_fd in, out, err;
};

/// The file that `argv[0]` means, or why there is none.
expected<std::string> find_program(const spawn_options& options);

/// Starts the program and returns once it runs. The calling thread must outlive the child, because
/// the kernel sends the death signal when the thread that spawned ends.
expected<launched> launch(const spawn_options& options, const std::string& program);

} // namespace skein::cluster
