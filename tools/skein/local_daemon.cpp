#include "tools/skein/local_daemon.hpp"

#include "cluster/child_process.hpp"
#include "cluster/this_process.hpp"
#include "tools/skein/source.hpp"

#include <csignal>
#include <mutex>
#include <thread>

namespace skein::console {

namespace fs = std::filesystem;

namespace {

constexpr std::chrono::seconds start_patience{60};
constexpr std::chrono::milliseconds look_again{50};
constexpr std::chrono::seconds stop_grace{30};

bool answers(const daemon& at) { return daemon_source(at)->get("/readyz").has_value(); }

} // namespace

struct local_daemon::impl {
  daemon at{};
  mutable std::mutex guard;
  std::optional<std::string> end;
  std::unique_ptr<cluster::child_process> child; ///< last: its callback uses the others

  outcome<void> spawn(const fs::path& workspace) {
    cluster::spawn_options options;
    options.argv = {(cluster::this_program().parent_path() / "skeind").string(), "--workspace",
                    fs::absolute(workspace).string()};
    options.env = cluster::this_environment();
    options.on_exit = [this](const cluster::exit_status& status) {
      std::lock_guard lock{guard};
      const auto said = status.stderr_tail;
      end = said.empty() ? "skeind " + cluster::describe(status) : said;
    };
    auto started = cluster::child_process::spawn(std::move(options));
    if (!started)
      return give_up(exit_code::no_daemon, started.error().what);
    child = std::move(*started);
    return {};
  }

  std::optional<std::string> ended() const {
    std::lock_guard lock{guard};
    return end;
  }

  outcome<void> wait_until_ready(const fs::path& state) {
    const auto deadline = std::chrono::steady_clock::now() + start_patience;
    while (std::chrono::steady_clock::now() < deadline) {
      if (const auto why = ended())
        return give_up(exit_code::no_daemon, *why);
      if (const auto found = find_daemon(state); found && answers(*found)) {
        at = *found;
        return {};
      }
      std::this_thread::sleep_for(look_again);
    }
    return give_up(exit_code::no_daemon, "skeind was not ready after "
                                             + std::to_string(start_patience.count())
                                             + " s; its log is " + (state / "skeind.log").string());
  }
};

outcome<std::unique_ptr<local_daemon>> local_daemon::start(const fs::path& workspace,
                                                           const fs::path& state) {
  auto owned = std::make_unique<impl>();
  const auto running = find_daemon(state);
  if (running && answers(*running)) {
    owned->at = *running;
    return std::unique_ptr<local_daemon>{new local_daemon{std::move(owned)}};
  }
  if (auto ok = owned->spawn(workspace); !ok)
    return tl::unexpected{ok.error()};
  if (auto ok = owned->wait_until_ready(state); !ok)
    return tl::unexpected{ok.error()};
  return std::unique_ptr<local_daemon>{new local_daemon{std::move(owned)}};
}

local_daemon::local_daemon(std::unique_ptr<impl> owned) : impl_{std::move(owned)} {}

local_daemon::~local_daemon() {
  if (!impl_->child)
    return;
  impl_->child->terminate(stop_grace);
  impl_->child->wait();
}

const daemon& local_daemon::address() const { return impl_->at; }

bool local_daemon::is_ours() const { return impl_->child != nullptr; }

std::optional<std::string> local_daemon::ended() const { return impl_->ended(); }

} // namespace skein::console
