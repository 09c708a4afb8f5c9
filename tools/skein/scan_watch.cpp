#include "tools/skein/scan_watch.hpp"

#include "cluster/subjects.hpp"
#include "tools/skein/words.hpp"

#include <algorithm>
#include <thread>

namespace skein::console {

namespace {

using nlohmann::json;

constexpr auto between_looks = std::chrono::milliseconds{300};

} // namespace

outcome<std::unique_ptr<scan_watch>> scan_watch::start(const daemon& running) {
  std::unique_ptr<scan_watch> watch{new scan_watch{running}};
  auto bus = cluster::bus::connect(bus_of(running, "skein scan"));
  if (!bus)
    return give_up(exit_code::no_daemon, bus.error().what);
  watch->bus_ = *std::move(bus);
  auto lines = watch->bus_->subscribe(
      all_agents_log, {},
      [to = watch.get()](const cluster::message& line) { to->hear(line.data); });
  if (!lines)
    return give_up(exit_code::no_daemon, lines.error().what);
  watch->lines_ = *std::move(lines);
  return watch;
}

outcome<void> scan_watch::wait(const json& answer, const daemon_finder& find) {
  const auto scan = text_of(answer, "scan");
  if (auto ended = wait_for_runs(agents_of(answer), scan, find); !ended)
    return ended;
  return wait_for_migrations(scan);
}

void scan_watch::hear(const std::string& data) {
  const auto line = json::parse(data, nullptr, false);
  std::lock_guard lock{guard_};
  if (ends_.hear(line))
    heard_.notify_all();
}

outcome<void> scan_watch::wait_for_runs(const std::set<std::string>& agents,
                                        const std::string& scan, const daemon_finder& find) {
  std::unique_lock lock{guard_};
  for (;;) {
    const auto over = ends_.all_over(agents, scan);
    if (!over)
      return tl::unexpected{over.error()};
    if (*over)
      return {};
    if (heard_.wait_for(lock, between_looks) == std::cv_status::timeout && !find())
      return give_up(exit_code::no_daemon, "skeind has stopped before the scan was over");
  }
}

/// What the scan found is on the bus by now. Once that is empty it is in the log, and once the view
/// has caught up it is listed: the order of the questions makes the answer true.
outcome<bool> scan_watch::is_at_rest(const std::string& scan) {
  const auto queued = bus_->stream_info(cluster::streams::actions);
  if (!queued)
    return give_up(exit_code::no_daemon, queued.error().what);
  if (queued->messages > 0)
    return false;
  const auto status = get_json(*api_, "/v1/status");
  if (!status || number_of(*status, "lag") > 0)
    return status ? outcome<bool>{false} : tl::unexpected{status.error()};
  const auto moving = fetch_migrations(*api_, {{"scan", scan}, {"phase", "running"}}, 1);
  if (!moving)
    return tl::unexpected{moving.error()};
  return (*moving)["migrations"].empty();
}

outcome<void> scan_watch::wait_for_migrations(const std::string& scan) {
  for (;;) {
    const auto rests = is_at_rest(scan);
    if (!rests)
      return tl::unexpected{rests.error()};
    if (*rests)
      return {};
    std::this_thread::sleep_for(between_looks);
  }
}

} // namespace skein::console
