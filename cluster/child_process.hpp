#pragma once

#include "events/failure.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace skein::cluster {

struct process_limits {
  /// Processor time; the program gets SIGXCPU at the limit and SIGKILL two seconds later.
  std::optional<std::uint64_t> cpu_seconds = std::nullopt;
  /// Address space (RLIMIT_AS): beyond it the program's allocations fail.
  std::optional<std::uint64_t> memory_bytes = std::nullopt;
  std::optional<std::uint64_t> open_files = std::nullopt;
  /// Time by the clock; then the group gets SIGTERM, and SIGKILL after `grace`.
  std::optional<std::chrono::milliseconds> wall = std::nullopt;
  std::chrono::milliseconds grace{5000};
  /// What is read of stdout, and again of stderr; the rest is read and dropped.
  std::uint64_t output_bytes = 256 << 20;
};

struct exit_status {
  int exit_code = 0; // meaningful if signal is 0
  int signal = 0;    // what killed the program, or 0
  bool timed_out = false;
  bool cpu_limit_hit = false;
  bool terminated = false;  // terminate() came before the program's end
  bool output_lost = false; // more than process_limits::output_bytes
  /// The highest resident size seen of the program itself, without its descendants. It is looked
  /// at four times a second and at each output, since the kernel's own figure (ru_maxrss) counts
  /// the spawning process in. 0 if the program ended before the first look.
  std::uint64_t max_rss_bytes = 0;
  std::chrono::microseconds user_time{0};
  std::chrono::microseconds system_time{0};
  std::string stderr_tail; // the last 8 KiB

  bool success() const { return exit_code == 0 && signal == 0; }
};

/// "exited with code 3", "was killed by signal 9 (Killed) after its time limit", ...
std::string describe(const exit_status& status);

struct spawn_options {
  /// argv[0] is a path (if it has a slash) or a name looked up on the PATH of `env`.
  std::vector<std::string> argv;
  /// The complete environment: nothing is inherited.
  std::map<std::string, std::string> env;
  /// Empty: the current folder.
  std::string cwd;
  std::string stdin_data;
  process_limits limits;
  /// One line without its newline. A line longer than 1 MiB is cut and says so.
  std::function<void(std::string_view)> on_stdout_line;
  std::function<void(std::string_view)> on_stderr_line;
  /// Comes last, exactly once, and may come before spawn() has returned. No process of the group
  /// lives any more.
  std::function<void(const exit_status&)> on_exit;
};

/// A program in a session and process group of its own. It starts through the launcher skein-exec
/// (found beside the running executable, or by the environment variable SKEIN_EXEC), which sets the
/// limits; starting it costs the same however large our heap is. When the program ends, however it
/// ends, the rest of its group is killed; when we die, even by SIGKILL, the program is killed too.
///
/// Each child has one thread of ours, which spawns it, reads and feeds it and waits for it. The
/// kernel ties the death signal to the spawning *thread*, which is why that thread stays until the
/// child has ended. Callbacks run on it, one at a time: hand the data over and return. They must
/// not throw.
class child_process {
public:
  /// Fails, before anything ran, if the program cannot be found or started; an exit code of 127 is
  /// therefore always the program's own.
  static expected<std::unique_ptr<child_process>> spawn(spawn_options options);

  /// Kills the group if it still runs, and returns after on_exit (unless called by a callback).
  ~child_process();

  /// SIGTERM to the group, then SIGKILL after `grace`; at once if grace is zero. Does not wait.
  void terminate(std::chrono::milliseconds grace);

  /// Blocks until on_exit has returned.
  exit_status wait();

  pid_t pid() const;

private:
  struct impl;
  explicit child_process(std::shared_ptr<impl> shared);
  std::shared_ptr<impl> impl_;
};

} // namespace skein::cluster
