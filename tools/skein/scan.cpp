#include "tools/skein/command.hpp"
#include "tools/skein/order_options.hpp"
#include "tools/skein/print.hpp"
#include "tools/skein/scan_watch.hpp"
#include "tools/skein/words.hpp"

#include <CLI/App.hpp>
#include <map>
#include <memory>

namespace skein::console {

namespace {

using nlohmann::json;

struct scan_options {
  order_options who;
  bool wait = false;
};

/// How the migrations that a scan asked for ended: count by phase.
outcome<std::map<std::string, uint64_t>> ends_of(const daemon& running, const std::string& scan) {
  const auto api = daemon_source(running);
  const auto all = fetch_migrations(*api, {{"scan", scan}}, UINT64_MAX);
  if (!all)
    return tl::unexpected{all.error()};
  std::map<std::string, uint64_t> counts;
  for (const auto& row : (*all)["migrations"])
    ++counts[text_of(row, "phase")];
  return counts;
}

outcome<void> report(const session& with, const daemon& running, json answer) {
  const auto scan = text_of(answer, "scan");
  const auto counts = ends_of(running, scan);
  if (!counts)
    return tl::unexpected{counts.error()};
  std::string line;
  uint64_t unfinished = 0;
  for (const auto& [phase, count] : *counts) {
    line += (line.empty() ? ": " : ", ") + count_text(count) + " " + phase;
    unfinished += phase == "completed" ? 0 : count;
  }
  answer["phases"] = *counts;
  print_line(with.json ? answer.dump()
                       : one_line("scan " + scan + " is over"
                                  + (line.empty() ? ": nothing new was pending" : line)));
  if (unfinished == 0)
    return {};
  return give_up(exit_code::refused, counted(unfinished, "migration is", "migrations are")
                                         + " not completed; see them with: skein list --scan "
                                         + scan);
}

/// What the scan would ask for.
outcome<void> rehearse(const session& with, const scan_options& want) {
  const auto would = post_order(with, "/v1/scan", body_of(want.who), true);
  if (!would)
    return tl::unexpected{would.error()};
  if (with.json) {
    print_line(would->dump());
    return {};
  }
  const auto& fresh = list_of(*would, "would_ask_for");
  const auto& known = list_of(*would, "there_already");
  print_line(one_line("it would ask for " + counted(fresh.size(), "migration", "migrations")
                      + (fresh.empty() ? "" : ": " + joined(fresh, ", "))));
  if (!known.empty())
    print_line(one_line("pending, and there already: " + joined(known, ", ")));
  return {};
}

outcome<void> scan(const session& with, const scan_options& want) {
  const auto running = require_daemon(with);
  if (!running)
    return tl::unexpected{running.error()};
  if (want.who.is_dry)
    return rehearse(with, want);
  auto watch = want.wait ? scan_watch::start(*running) : outcome<std::unique_ptr<scan_watch>>{};
  if (!watch)
    return tl::unexpected{watch.error()};
  const auto done = post_json(*running, "/v1/scan", body_of(want.who));
  if (!done)
    return tl::unexpected{done.error()};
  if (const auto why = text_of(*done, "error"); !why.empty())
    return give_up(exit_code::refused, one_line(why));
  if (!want.wait) {
    print_line(with.json ? done->dump()
                         : one_line("scan " + text_of(*done, "scan") + " is under way"));
    return {};
  }
  if (auto over = (*watch)->wait(*done, finder_of(with)); !over)
    return over;
  return report(with, *running, *done);
}

} // namespace

action add_scan(CLI::App& to) {
  auto want = std::make_shared<scan_options>();
  want->who.reason = "looking for pending datasets";
  add_order_options(to, want->who);
  to.add_flag("--wait", want->wait, "Until what it found is migrated, held or parked");
  return [want](const session& with) { return scan(with, *want); };
}

} // namespace skein::console
