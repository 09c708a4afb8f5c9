#include "tools/skein/console/view.hpp"
#include "tools/skein/event_line.hpp"
#include "tools/skein/table.hpp"
#include "tools/skein/words.hpp"

#include <algorithm>
#include <fmt/format.h>

// The overview, and the view of pools and leases.

namespace skein::console::screen {

namespace {

using nlohmann::json;

void append(std::vector<line>& to, std::vector<line> more) {
  std::move(more.begin(), more.end(), std::back_inserter(to));
}

std::vector<line> table_lines(const table& of, std::size_t columns) {
  return lines_of(of.str(page_terminal(columns), 1));
}

std::vector<line> phase_lines(const model& m) {
  const auto all = number_of(m.status, "migrations");
  const auto phases = object_of(m.status, "phases");
  const auto bar_columns = std::clamp<std::size_t>(m.columns / 2, 10, 60);
  std::vector<line> lines{title(" MIGRATIONS  " + count_text(static_cast<uint64_t>(all)))};
  for (const auto* phase : {"running", "completed", "held", "parked", "quarantined", "cancelled",
                            "rolled_back", "unreadable"}) {
    const auto count = number_of(phases, phase);
    if (count == 0 && std::string_view{phase} == "unreadable")
      continue;
    lines.push_back(
        {{fmt::format(" {:<12}{:>11}  ", phase, count_text(static_cast<uint64_t>(count)))},
         {bar_text(all > 0 ? count / all : 0, bar_columns), style_of(phase)},
         {all > 0 ? fmt::format(" {:>3.0f} %", 100 * count / all) : ""}});
  }
  return lines;
}

line rate_line(const model& m, const char* what, const rates& of) {
  constexpr std::size_t before = 38;
  const auto room
      = std::min(m.columns > before + 2 ? m.columns - before - 2 : 0, rates::seconds_kept - 1);
  return {{fmt::format(" {:<22}", what)},
          {fmt::format("{:>9.1f} /s   ", of.average(m.now, 10)), style::bold},
          {sparkline(of.before(m.now, room)), style::good}};
}

std::vector<line> pool_lines(const model& m) {
  table pools{
      {{"POOL"}, {"WAITING", table::align::right}, {"RUNNING", table::align::right}, {"WORKERS"}}};
  for (const auto& pool : list_of(m.fleet, "pools")) {
    std::string workers;
    for (const auto& x : list_of(pool, "workers"))
      workers += fmt::format("{}{} ({})", workers.empty() ? "" : ", ", text_of(x, "name"),
                             number_of(x, "leases"));
    pools.add({{text_of(pool, "pool"), style::bold},
               {count_text(static_cast<uint64_t>(number_of(pool, "waiting")))},
               {count_text(static_cast<uint64_t>(number_of(pool, "running")))},
               {workers, style::dim}});
  }
  return pools.empty() ? std::vector<line>{{{" no worker has asked for work yet", style::dim}}}
                       : table_lines(pools, m.columns);
}

/// What is not closed.
std::vector<line> breaker_lines(const model& m) {
  std::vector<line> lines;
  for (const auto& pool : list_of(m.fleet, "pools"))
    for (const auto& x : list_of(pool, "breakers"))
      if (const auto status = text_of(x, "status"); status != "closed")
        lines.push_back({{" BREAKER ", style::bold},
                         {status == "open" ? "open until " + clock_text(text_of(x, "half_open_at"))
                                           : "half open, one tries",
                          style::bad},
                         {one_line(fmt::format(
                             ", {} on {}: {}", text_of(x, "agent"),
                             text_of(x, "storage").empty() ? "any storage" : text_of(x, "storage"),
                             text_of(x, "why")))}});
  return lines;
}

std::string limit_text(double limit) {
  return limit == 0 ? "none" : count_text(static_cast<uint64_t>(limit));
}

line limits_line(const model& m) {
  const auto limits = object_of(m.fleet, "limits");
  auto text = fmt::format(
      "attempts at once {}, per owner {}, per storage {}", limit_text(number_of(limits, "running")),
      limit_text(number_of(limits, "per_owner")), limit_text(number_of(limits, "per_storage")));
  for (const auto& [agent, most] : object_of(limits, "per_agent").items())
    if (most.is_number() && most.get<double>() > 0)
      text += fmt::format(", {} {}", agent, limit_text(most.get<double>()));
  return {{" LIMITS  ", style::bold}, {one_line(text)}};
}

line event_of(const json& event, std::size_t columns) {
  const auto type = text_of(event, "type");
  const auto name_columns = std::clamp<std::size_t>(columns / 4, 16, 40);
  return {{" " + clock_text(text_of(event, "at")) + "  ", style::dim},
          {column_text(one_line(text_of(event, "migration")), name_columns) + "  ", style::bold},
          {column_text(type, 17) + "  ", style_of(type)},
          {event_detail(event)}};
}

std::vector<line> newest_lines(const model& m, std::size_t most) {
  std::vector<line> lines{{}, title(" NEWEST EVENTS")};
  for (auto x = m.newest.rbegin(); x != m.newest.rend() && lines.size() < most; ++x)
    if (const auto event = json::parse(*x, nullptr, false); event.is_object())
      lines.push_back(event_of(event, m.columns));
  if (m.newest.empty())
    lines.push_back({{" none since this console is open", style::dim}});
  return lines;
}

std::vector<line> lease_lines(const model& m) {
  table leases{{{"MIGRATION"},
                {"STEP"},
                {"TRY", table::align::right},
                {"WORKER"},
                {"STARTED"},
                {"ENDS AT LATEST"}}};
  for (const auto& x : list_of(m.fleet, "leases"))
    leases.add({{text_of(x, "migration"), style::bold},
                {text_of(x, "step")},
                {count_text(static_cast<uint64_t>(number_of(x, "number")))},
                {text_of(x, "worker"), style::dim},
                {age_text(text_of(x, "started"), m.clock)},
                {clock_text(text_of(x, "ends_at_latest")), style::dim}});
  return leases.empty() ? std::vector<line>{{{" nothing runs", style::dim}}}
                        : table_lines(leases, m.columns);
}

} // namespace

std::vector<line> overview_lines(const model& m) {
  if (!m.status.is_object())
    return {{{" …", style::dim}}};
  auto lines = phase_lines(m);
  append(lines, {{},
                 rate_line(m, "events", m.events),
                 rate_line(m, "migrations completed", m.completed),
                 {}});
  if (m.fleet.is_object()) {
    append(lines, pool_lines(m));
    lines.push_back(limits_line(m));
    append(lines, breaker_lines(m));
  }
  const auto left = body_rows(m) > lines.size() ? body_rows(m) - lines.size() : 0;
  append(lines, newest_lines(m, std::max<std::size_t>(left, 5)));
  return lines;
}

std::vector<line> fleet_lines(const model& m) {
  if (!m.fleet.is_object())
    return {{{" …", style::dim}}};
  auto lines = pool_lines(m);
  append(lines, {{}, limits_line(m)});
  append(lines, breaker_lines(m));
  lines.emplace_back();
  append(lines, lease_lines(m));
  if (flag_of(m.fleet, "more_leases", false))
    lines.push_back({{" there are more", style::dim}});
  return lines;
}

} // namespace skein::console::screen
