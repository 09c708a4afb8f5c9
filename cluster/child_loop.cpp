#include "cluster/child_loop.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

namespace skein::cluster {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t tail_bytes = 8 << 10;
constexpr auto memory_look_every = 250ms;

std::chrono::microseconds to_duration(const timeval& time) {
  return std::chrono::seconds{time.tv_sec} + std::chrono::microseconds{time.tv_usec};
}

} // namespace

expected<void> stop_request::open() {
  wake_.reset(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!wake_)
    return fail(std::string{"cannot watch a child process: "} + std::strerror(errno)
                + "; raise the limit on open files (ulimit -n)");
  return {};
}

void stop_request::ask(std::chrono::milliseconds grace) {
  const std::lock_guard lock{mutex_};
  grace_ = grace_ ? std::min(*grace_, grace) : grace;
  eventfd_write(wake_.get(), 1);
}

std::optional<std::chrono::milliseconds> stop_request::take() {
  const std::lock_guard lock{mutex_};
  eventfd_t ignored{};
  eventfd_read(wake_.get(), &ignored);
  return std::exchange(grace_, std::nullopt);
}

child_loop::child_loop(spawn_options options, launched child, std::shared_ptr<stop_request> stop)
    : options_{std::move(options)},
      child_{std::move(child)},
      stop_{std::move(stop)},
      out_{std::move(options_.on_stdout_line), options_.limits.output_bytes},
      err_{std::move(options_.on_stderr_line), options_.limits.output_bytes} {
  if (options_.limits.wall)
    wall_deadline_ = clock::now() + *options_.limits.wall;
}

exit_status child_loop::run() {
  while (!ended_) {
    look_at_memory();
    wait_for_anything();
    on_stop_request();
    on_deadlines();
  }
  reap();
  drain(child_.out, out_);
  drain(child_.err, err_);
  status_.output_lost = out_.overflowed() || err_.overflowed();
  return std::move(status_);
}

int child_loop::poll_timeout_ms() const {
  auto until = clock::now() + memory_look_every;
  for (const auto& deadline : {wall_deadline_, kill_deadline_})
    until = deadline ? std::min(until, *deadline) : until;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - clock::now());
  return static_cast<int>(std::max(left, 0ms).count());
}

void child_loop::wait_for_anything() {
  if (fed_ == options_.stdin_data.size())
    child_.in.reset();
  std::array<pollfd, 5> all{{{child_.exited.get(), POLLIN, 0},
                             {stop_->fd(), POLLIN, 0},
                             {child_.in.get(), POLLOUT, 0},
                             {child_.out.get(), POLLIN, 0},
                             {child_.err.get(), POLLIN, 0}}};
  if (poll(all.data(), all.size(), poll_timeout_ms()) <= 0)
    return;
  ended_ = all[0].revents != 0;
  if (all[2].revents != 0)
    feed_stdin();
  if (all[3].revents != 0)
    read_some(child_.out, out_);
  if (all[4].revents != 0)
    read_some(child_.err, err_);
}

void child_loop::feed_stdin() {
  const auto& data = options_.stdin_data;
  const auto count = write(child_.in.get(), data.data() + fed_, data.size() - fed_);
  if (count > 0)
    fed_ += static_cast<std::size_t>(count);
  else if (count < 0 && errno != EAGAIN && errno != EINTR)
    fed_ = data.size(); // the program does not want the rest, which is its right
}

// One buffer at a time, so that a flood on one pipe starves nothing else.
std::size_t child_loop::read_some(unique_fd& fd, line_splitter& lines) {
  std::array<char, 64 << 10> buffer;
  const auto count = read(fd.get(), buffer.data(), buffer.size());
  if (count == 0)
    fd.reset();
  if (count <= 0)
    return 0;
  const std::string_view bytes{buffer.data(), static_cast<std::size_t>(count)};
  if (&lines == &err_)
    keep_tail(bytes);
  lines.feed(bytes);
  return bytes.size();
}

// Whatever the group wrote before it was killed is in the pipe by now. A descendant that left the
// group may hold the pipe open, and even go on writing, so nobody waits for its end.
void child_loop::drain(unique_fd& fd, line_splitter& lines) {
  int waiting = 0;
  if (fd && ioctl(fd.get(), FIONREAD, &waiting) == 0)
    for (auto left = waiting; left > 0;) {
      const auto count = read_some(fd, lines);
      if (count == 0)
        break;
      left -= static_cast<int>(count);
    }
  lines.finish();
}

void child_loop::keep_tail(std::string_view bytes) {
  auto& tail = status_.stderr_tail;
  tail.append(bytes);
  if (tail.size() > tail_bytes)
    tail.erase(0, tail.size() - tail_bytes);
}

void child_loop::on_stop_request() {
  if (const auto grace = stop_->take(); grace && !ended_) {
    status_.terminated = true;
    begin_stop(*grace);
  }
}

void child_loop::on_deadlines() {
  const auto now = clock::now();
  if (wall_deadline_ && now >= *wall_deadline_ && !ended_) {
    wall_deadline_.reset();
    status_.timed_out = true;
    begin_stop(options_.limits.grace);
  }
  if (kill_deadline_ && now >= *kill_deadline_) {
    kill_deadline_.reset();
    kill(-child_.pid, SIGKILL);
  }
}

void child_loop::begin_stop(std::chrono::milliseconds grace) {
  if (grace > 0ms)
    kill(-child_.pid, SIGTERM);
  const auto deadline = clock::now() + grace;
  kill_deadline_ = kill_deadline_ ? std::min(*kill_deadline_, deadline) : deadline;
}

// ru_maxrss is of no use: an exec folds the old address space's peak into it, and after
// posix_spawn the old address space was ours.
void child_loop::look_at_memory() {
  const auto path = "/proc/" + std::to_string(child_.pid) + "/status";
  std::array<char, 4096> text{};
  const unique_fd file{open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (!file || read(file.get(), text.data(), text.size() - 1) <= 0)
    return;
  unsigned long long kibibytes = 0;
  if (const char* line = std::strstr(text.data(), "VmHWM:");
      line != nullptr && std::sscanf(line, "VmHWM: %llu", &kibibytes) == 1)
    status_.max_rss_bytes = std::max<std::uint64_t>(status_.max_rss_bytes, kibibytes << 10);
}

void child_loop::reap() {
  // Before the program is reaped, so that its group's number cannot have passed to another.
  kill(-child_.pid, SIGKILL);
  int code = 0;
  rusage usage{};
  while (wait4(child_.pid, &code, 0, &usage) < 0 && errno == EINTR) {
  }
  status_.exit_code = WIFEXITED(code) ? WEXITSTATUS(code) : 0;
  status_.signal = WIFSIGNALED(code) ? WTERMSIG(code) : 0;
  status_.user_time = to_duration(usage.ru_utime);
  status_.system_time = to_duration(usage.ru_stime);
  status_.cpu_limit_hit = status_.signal == SIGXCPU || killed_for_processor_time();
}

// A program that ignores SIGXCPU gets a SIGKILL like any other. The kernel enforces the limit by
// clock ticks but reports finer figures, which may well be lower: hence the generous comparison.
bool child_loop::killed_for_processor_time() const {
  const auto& limit = options_.limits.cpu_seconds;
  if (!limit || status_.signal != SIGKILL || status_.terminated || status_.timed_out)
    return false;
  return status_.user_time + status_.system_time >= std::chrono::seconds{*limit} * 3 / 4;
}

} // namespace skein::cluster
