#include "tools/skein/command.hpp"
#include "tools/skein/local_daemon.hpp"
#include "tools/skein/print.hpp"
#include "tools/skein/progress_board.hpp"
#include "tools/skein/run_summary.hpp"
#include "tools/skein/scan_ends.hpp"
#include "tools/skein/source.hpp"
#include "tools/skein/stop_signals.hpp"
#include "tools/skein/words.hpp"

#include "cluster/bus.hpp"
#include "cluster/subjects.hpp"
#include "config/workspace.hpp"

#include <CLI/App.hpp>
#include <mutex>
#include <nlohmann/json.hpp>

namespace skein::console {

namespace {

using nlohmann::json;

constexpr timespec between_looks{0, 200'000'000};

/// For how many looks nothing may stir before the work counts as done: a scan's last request is
/// taken off the bus, then its migration starts. Longer while the bus says that requests wait,
/// since a nats-server that was killed can count one that it has already delivered.
constexpr int quiet_looks = 8;
constexpr int quiet_looks_with_requests = 50;

struct run_options {
  std::string workspace;
  bool stay = false;
};

/// One run: a daemon, the bus, and the board.
struct runner {
  const session& with;
  const config::workspace& space;
  std::unique_ptr<local_daemon> skeind;
  std::unique_ptr<source> api;
  std::unique_ptr<cluster::bus> bus;
  progress_board board;
  std::mutex guard;
  std::map<std::string, std::pair<double, std::string>> notes; ///< by migration, from the bus
  scan_ends ends;                                              ///< from the bus, too
  json scan_answer;                                            ///< the daemon's, to our order
  bool untold = false;         ///< somebody is still to be told that a migration rests
  cluster::subscription lines; ///< last: its callback uses all the others

  outcome<void> start();
  void hear(const std::string& line);
  outcome<void> scan();
  outcome<bool> scan_is_over();
  outcome<int> look();
  int looks_needed();
  outcome<void> wait_until_all_rest(const stop_signals& signals, bool& stopped);
};

outcome<void> runner::start() {
  auto started = local_daemon::start(with.workspace, space.state);
  if (!started)
    return tl::unexpected{started.error()};
  skeind = std::move(*started);
  api = daemon_source(skeind->address());
  auto connected = cluster::bus::connect(bus_of(skeind->address(), "skein run"));
  if (!connected)
    return give_up(exit_code::no_daemon, connected.error().what);
  bus = std::move(*connected);
  auto heard = bus->subscribe(all_agents_log, {},
                              [this](const cluster::message& what) { hear(what.data); });
  if (!heard)
    return give_up(exit_code::no_daemon, heard.error().what);
  lines = std::move(*heard);
  return {};
}

void runner::hear(const std::string& line) {
  const auto said = json::parse(line, nullptr, false);
  std::lock_guard lock{guard};
  ends.hear(said);
  if (text_of(said, "stream") == "progress")
    notes[text_of(said, "migration")] = {number_of(said, "progress"), text_of(said, "text")};
}

outcome<void> runner::scan() {
  const auto done = post_json(skeind->address(), "/v1/scan",
                              {{"actor", "skein run"}, {"reason", "started by hand"}});
  if (!done)
    return tl::unexpected{done.error()};
  if (const auto why = text_of(*done, "error"); !why.empty())
    return give_up(exit_code::refused, "the scan did not start: " + why);
  scan_answer = *done;
  return {};
}

outcome<bool> runner::scan_is_over() {
  std::lock_guard lock{guard};
  return ends.all_over(agents_of(scan_answer), text_of(scan_answer, "scan"));
}

int runner::looks_needed() {
  const auto queued = bus->stream_info(cluster::streams::actions);
  return queued && queued->messages == 0 ? quiet_looks : quiet_looks_with_requests;
}

/// Shows how far all is. Answers for how many looks it has to stay so until the work counts as
/// done; 0 while there is work to do.
outcome<int> runner::look() {
  const auto status = get_json(*api, "/v1/status");
  if (!status)
    return tl::unexpected{status.error()};
  const auto list = fetch_migrations(*api, {}, UINT64_MAX);
  if (!list)
    return tl::unexpected{list.error()};
  {
    std::lock_guard lock{guard};
    for (const auto& [id, note] : notes)
      board.note(id, note.first, note.second);
    notes.clear();
  }
  board.update(list->value("migrations", json::array()));
  const auto phases = status->value("phases", json::object());
  if (number_of(phases, "running") > 0 || number_of(*status, "lag") > 0)
    return 0;
  // Only owners are still to be told. That may never come about: nobody may serve the channel.
  untold = status->value("open", false);
  return untold ? quiet_looks_with_requests : looks_needed();
}

outcome<void> runner::wait_until_all_rest(const stop_signals& signals, bool& stopped) {
  for (int quiet = 0;;) {
    if (stopped = signals.came_within(between_looks); stopped)
      return {};
    if (const auto why = skeind->ended())
      return give_up(exit_code::no_daemon, "skeind ended: " + *why);
    const auto over = scan_is_over();
    if (!over)
      return tl::unexpected{over.error()};
    // A coordinator that starts again does not answer for a moment.
    const auto needed = look().value_or(0);
    quiet = *over && needed > 0 ? quiet + 1 : 0;
    if (quiet > 0 && quiet >= needed)
      return {};
  }
}

outcome<config::workspace> checked_workspace(const std::filesystem::path& folder) {
  auto loaded = config::load_workspace(folder);
  if (!loaded)
    return give_up(exit_code::refused, config::joined(loaded.error()).what);
  return std::move(*loaded);
}

outcome<void> run(session with, const run_options& want) {
  if (!want.workspace.empty())
    with.workspace = want.workspace;
  const stop_signals signals;
  const auto space = checked_workspace(with.workspace);
  if (!space)
    return tl::unexpected{space.error()};
  runner all{with, *space, {}, {}, {}, progress_board{with.out}, {}, {}, {}, {}, false, {}};
  const auto begin = std::chrono::steady_clock::now();
  if (auto ok = all.start(); !ok)
    return ok;
  print_line(all.skeind->is_ours() ? "skeind started; looking for pending datasets …"
                                   : "skeind is running; looking for pending datasets …");
  const auto before = get_json(*all.api, "/v1/status");
  if (!before)
    return tl::unexpected{before.error()};
  if (auto ok = all.scan(); !ok)
    return ok;
  bool stopped = false;
  if (auto ok = all.wait_until_all_rest(signals, stopped); !ok)
    return ok;
  all.board.finish();
  if (stopped)
    return give_up(exit_code::refused, "stopped; the next run goes on from here");
  const auto after = get_json(*all.api, "/v1/status");
  if (!after)
    return tl::unexpected{after.error()};
  run_report report;
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  report.new_migrations = static_cast<std::size_t>(number_of(*after, "migrations")
                                                   - number_of(*before, "migrations"));
  report.workspace = with.workspace;
  report.untold = all.untold;
  if (space->notifications.smtp.url.empty())
    report.outbox = space->notifications.outbox;
  const auto text = run_summary(with.out, *all.api, report);
  if (!text)
    return tl::unexpected{text.error()};
  print(*text);
  if (!want.stay)
    return {};
  print_line("\nskeind goes on until you press Ctrl-C.");
  while (!signals.came_within(between_looks) && !all.skeind->ended()) {
  }
  return {};
}

} // namespace

action add_run(CLI::App& to) {
  auto want = std::make_shared<run_options>();
  to.add_option("folder", want->workspace, "Workspace; the same as -w");
  to.add_flag("--stay", want->stay, "Keep the daemon running at the end, until Ctrl-C");
  return [want](const session& with) { return run(with, *want); };
}

} // namespace skein::console
