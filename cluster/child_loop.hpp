#pragma once

#include "cluster/launch.hpp"
#include "cluster/line_splitter.hpp"

#include <mutex>

namespace skein::cluster {

/// How another thread asks a child's thread to end the child (internal to cluster/).
class stop_request {
public:
  expected<void> open();
  void ask(std::chrono::milliseconds grace);
  /// What was asked since the last call, and forgets it.
  std::optional<std::chrono::milliseconds> take();
  int fd() const { return wake_.get(); }

private:
  std::mutex mutex_;
  std::optional<std::chrono::milliseconds> grace_;
  unique_fd wake_;
};

/// Feeds, reads and waits for one child on the calling thread (internal to cluster/).
class child_loop {
public:
  child_loop(spawn_options options, launched child, std::shared_ptr<stop_request> stop);

  /// Returns once the child has ended and its whole group is gone.
  exit_status run();

private:
  using clock = std::chrono::steady_clock;

  int poll_timeout_ms() const;
  void wait_for_anything();
  void feed_stdin();
  std::size_t read_some(unique_fd& fd, line_splitter& lines);
  void drain(unique_fd& fd, line_splitter& lines);
  void keep_tail(std::string_view bytes);
  void on_stop_request();
  void on_deadlines();
  void begin_stop(std::chrono::milliseconds grace);
  void look_at_memory();
  void reap();
  bool killed_for_processor_time() const;

  spawn_options options_;
  launched child_;
  std::shared_ptr<stop_request> stop_;
  line_splitter out_, err_;
  exit_status status_;
  std::size_t fed_ = 0;
  bool ended_ = false;
  std::optional<clock::time_point> wall_deadline_, kill_deadline_;
};

} // namespace skein::cluster
