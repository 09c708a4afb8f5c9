#include "cluster/embedded_nats.hpp"

#include "cluster/child_process.hpp"
#include "cluster/launch.hpp"
#include "cluster/nats_folder.hpp"

#include <algorithm>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <mutex>
#include <thread>

namespace skein::cluster {

namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

constexpr auto stop_grace = 5s;
constexpr auto restart_delay_min = 20ms;
constexpr auto restart_delay_max = 2000ms;
// A server that lived this long had no trouble starting: its restart need not wait.
constexpr auto healthy_after = 10s;

// Debian installs nats-server in /usr/sbin, which is not on a user's PATH.
std::map<std::string, std::string> server_environment() {
  const char* path = std::getenv("PATH");
  const char* home = std::getenv("HOME");
  return {{"PATH", std::string{path ? path : "/usr/bin:/bin"} + ":/usr/local/sbin:/usr/sbin"},
          {"HOME", home ? home : "/"}};
}

std::string last_line(std::string text) {
  while (!text.empty() && text.back() == '\n')
    text.pop_back();
  return text.substr(text.rfind('\n') + 1);
}

std::string reason(const exit_status& status) {
  const auto said = last_line(status.stderr_tail);
  return "nats-server " + describe(status) + (said.empty() ? "" : "; its last words: " + said);
}

} // namespace

expected<std::string> find_nats_server(const std::string& program) {
  spawn_options options;
  options.argv = {program};
  options.env = server_environment();
  return find_program(options);
}

struct embedded_nats::impl {
  embedded_nats_options options;
  nats_folder folder;
  std::uint16_t port = 0;

  mutable std::mutex mutex;
  std::condition_variable changed;
  std::unique_ptr<child_process> server;
  std::optional<std::string> ended; // why, until the watcher has taken note
  bool stopping = false;
  std::thread watcher;

  expected<void> write_config();
  expected<void> launch();
  expected<void> wait_until_ready();
  void watch();
  bool restart(clock::duration delay);
};

expected<void> embedded_nats::impl::write_config() {
  const std::lock_guard lock{mutex};
  return folder.write_config(
      server_text({folder.path(), options.address, port, options.access, options.tls}));
}

expected<void> embedded_nats::impl::launch() {
  if (auto written = write_config(); !written)
    return written;
  folder.forget_ports_files();
  spawn_options spawn;
  spawn.argv = {options.program, "-c", folder.config_file().string()};
  spawn.env = server_environment();
  spawn.on_exit = [this](const exit_status& status) {
    const std::lock_guard lock{mutex};
    ended = reason(status);
    changed.notify_all();
  };
  auto child = child_process::spawn(std::move(spawn));
  if (!child)
    return fail("cannot start the embedded nats-server: " + child.error().what
                + " (or name a running server instead)");
  const std::lock_guard lock{mutex};
  server = std::move(*child);
  return {};
}

expected<void> embedded_nats::impl::wait_until_ready() {
  const auto deadline = clock::now() + options.start_timeout;
  for (;;) {
    if (const auto found = folder.ready_port(server->pid())) {
      port = *found;
      return {};
    }
    std::unique_lock lock{mutex};
    // The server tells of its readiness by a file, so this looks again every few milliseconds.
    if (changed.wait_for(lock, 3ms, [&] { return ended.has_value(); }))
      return fail("the embedded nats-server of " + folder.config_file().parent_path().string()
                  + " did not start: " + *ended);
    if (clock::now() > deadline)
      return fail("the embedded nats-server of " + folder.config_file().parent_path().string()
                  + " accepts no connections after " + std::to_string(options.start_timeout.count())
                  + " ms; see why it is slow");
  }
}

void embedded_nats::impl::watch() {
  clock::duration delay = restart_delay_min;
  auto started = clock::now();
  for (;;) {
    std::unique_lock lock{mutex};
    changed.wait(lock, [&] { return stopping || ended; });
    if (stopping)
      return;
    const auto why = *std::exchange(ended, std::nullopt);
    const auto dead = std::move(server);
    lock.unlock();
    if (options.on_exit)
      options.on_exit(why);
    delay = clock::now() - started > healthy_after ? restart_delay_min : delay;
    started = clock::now();
    if (!restart(delay))
      return;
    delay = std::min<clock::duration>(delay * 2, restart_delay_max);
  }
}

bool embedded_nats::impl::restart(clock::duration delay) {
  {
    std::unique_lock lock{mutex};
    if (changed.wait_for(lock, delay, [&] { return stopping; }))
      return false;
  }
  if (auto launched = launch(); !launched) {
    const std::lock_guard lock{mutex};
    ended = launched.error().what;
  }
  return true;
}

expected<std::unique_ptr<embedded_nats>> embedded_nats::start(embedded_nats_options options) {
  auto folder = nats_folder::open(options.folder);
  if (!folder)
    return tl::unexpected{folder.error()};
  auto self = std::make_unique<impl>();
  self->port = options.port;
  self->options = std::move(options);
  self->folder = std::move(*folder);
  if (auto launched = self->launch(); !launched)
    return tl::unexpected{launched.error()};
  if (auto ready = self->wait_until_ready(); !ready) {
    self->server.reset();
    return tl::unexpected{ready.error()};
  }
  self->watcher = std::thread{[raw = self.get()] { raw->watch(); }};
  return std::unique_ptr<embedded_nats>{new embedded_nats{std::move(self)}};
}

embedded_nats::embedded_nats(std::unique_ptr<impl> owned) : impl_{std::move(owned)} {}

embedded_nats::~embedded_nats() {
  {
    const std::lock_guard lock{impl_->mutex};
    impl_->stopping = true;
    impl_->changed.notify_all();
  }
  impl_->watcher.join();
  if (impl_->server) {
    impl_->server->terminate(stop_grace);
    impl_->server->wait();
  }
}

// The server reads its file again at SIGHUP. If it is just being restarted, the new one reads it.
expected<void> embedded_nats::set_access(nats_access access) {
  {
    const std::lock_guard lock{impl_->mutex};
    impl_->options.access = std::move(access);
  }
  if (auto written = impl_->write_config(); !written)
    return written;
  if (const int server = pid(); server > 0)
    kill(server, SIGHUP);
  return {};
}

std::uint16_t embedded_nats::port() const { return impl_->port; }

std::string embedded_nats::url() const {
  const auto& given = impl_->options;
  const bool is_everywhere = given.address == "0.0.0.0" || given.address == "::";
  const auto host = is_everywhere                                  ? "127.0.0.1"
                    : given.address.find(':') == std::string::npos ? given.address
                                                                   : "[" + given.address + "]";
  return (given.tls.certificate.empty() ? "nats://" : "tls://") + host + ":"
         + std::to_string(port());
}

int embedded_nats::pid() const {
  const std::lock_guard lock{impl_->mutex};
  return impl_->server ? impl_->server->pid() : 0;
}

} // namespace skein::cluster
