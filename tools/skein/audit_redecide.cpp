#include "tools/skein/audit.hpp"
#include "tools/skein/print.hpp"
#include "tools/skein/table.hpp"
#include "tools/skein/words.hpp"
#include "tools/skein/workspace_state.hpp"

#include "events/overloaded.hpp"
#include "events/redecide.hpp"
#include "events/status.hpp"

#include <CLI/App.hpp>
#include <memory>
#include <nlohmann/json.hpp>

namespace skein::console {

namespace {

using nlohmann::json;

json events_json(const std::vector<migration::event>& events) {
  json list = json::array();
  for (const auto& event : events)
    list.push_back(json::parse(event_json(event), nullptr, false));
  return list;
}

json divergence_json(const divergence& what) {
  json result{
      {"migration", what.migration}, {"version", what.version}, {"sequence", what.sequence}};
  if (!what.fault.empty()) {
    result["fault"] = what.fault;
    return result;
  }
  result["command"] = what.command;
  result["recorded"] = events_json(what.recorded);
  std::visit(
      overloaded{[&](const std::vector<migration::event>& x) { result["today"] = events_json(x); },
                 [&](migration::rejection x) { result["refused_today"] = to_string(x); }},
      what.today);
  return result;
}

table new_table() {
  constexpr auto right = table::align::right;
  return table{{{"MIGRATION"},
                {"VERSION", right},
                {"SEQUENCE", right},
                {"COMMAND"},
                {"RECORDED"},
                {"TODAY"},
                {"REFUSED TODAY"},
                {"FAULT"}}};
}

std::string csv_row(const divergence& what, const json& found) {
  const auto events = [&](const char* member) {
    return found.contains(member) ? found[member].dump() : std::string{};
  };
  auto row = new_table();
  row.add({{what.migration},
           {std::to_string(what.version)},
           {std::to_string(what.sequence)},
           {text_of(found, "command")},
           {events("recorded")},
           {events("today")},
           {text_of(found, "refused_today")},
           {what.fault}});
  return row.csv(false);
}

void print_divergence(const session& with, const divergence& what) {
  const auto found = divergence_json(what);
  if (with.json)
    return print_line(found.dump());
  if (with.format == output_format::csv)
    return print(csv_row(what, found));
  print_line(paint(with.out, style::bold, one_line(what.migration)) + " event "
             + std::to_string(what.version) + " (sequence " + std::to_string(what.sequence)
             + "): " + one_line(what.fault.empty() ? what.command : what.fault));
  if (!what.fault.empty())
    return;
  print_line("  recorded: " + one_line(found["recorded"].dump()));
  print_line("  today:    "
             + one_line(found.contains("today") ? found["today"].dump()
                                                : text_of(found, "refused_today")));
}

/// Goes through the log stream by stream: memory is one migration's state, whatever the log holds.
class redecision {
public:
  redecision(const session& with, const store::log_reader& log) : with_{with}, log_{log} {}

  outcome<void> all() {
    outcome<void> done;
    const auto walked = log_.streams("", "", [&](const store::stream_info& stream) {
      done = one(std::string{stream.id});
      return done.has_value();
    });
    return walked ? done : give_up(exit_code::refused, walked.error().what);
  }

  outcome<void> one(const std::string& id) {
    redecider again{id};
    const auto read = log_.read_stream(id, 1, [&](uint64_t, const store::stored& record) {
      again.take(record.sequence, record.bytes);
      ++events_;
      return true;
    });
    if (!read)
      return give_up(exit_code::refused, read.error().what);
    const auto found = again.finish();
    for (const auto& x : found)
      print_divergence(with_, x);
    decisions_ += again.decisions();
    divergences_ += found.size();
    ++migrations_;
    return {};
  }

  outcome<void> verdict() const {
    if (with_.json)
      print_line(json{{"migrations", migrations_},
                      {"events", events_},
                      {"decisions", decisions_},
                      {"divergences", divergences_}}
                     .dump());
    const auto all = counted(decisions_, "command", "commands") + " of "
                     + counted(migrations_, "migration", "migrations");
    if (divergences_ > 0)
      return give_up(exit_code::refused, counted(divergences_, "place", "places") + " in " + all
                                             + " where today's code would have decided otherwise");
    if (with_.format != output_format::json && with_.format != output_format::csv)
      print_line("Today's code decides as it was decided: " + all + ", "
                 + counted(events_, "event", "events"));
    return {};
  }

  bool nothing() const { return events_ == 0; }

private:
  const session& with_;
  const store::log_reader& log_;
  uint64_t migrations_ = 0, events_ = 0, decisions_ = 0, divergences_ = 0;
};

outcome<void> redecide(const session& with, const std::string& id) {
  const auto state = state_folder(with);
  if (!state)
    return tl::unexpected{state.error()};
  const auto log = open_log_beside(*state);
  if (!log)
    return tl::unexpected{log.error()};
  if (with.format == output_format::csv)
    print(new_table().csv());
  redecision again{with, **log};
  if (auto done = id.empty() ? again.all() : again.one(id); !done)
    return done;
  if (!id.empty() && again.nothing())
    return give_up(exit_code::not_found, "there is no migration '" + id + "' in the log");
  return again.verdict();
}

} // namespace

action add_audit_redecide(CLI::App& to) {
  auto id = std::make_shared<std::string>();
  to.add_option("id", *id, "Migration, such as movies@v2; all if left out")->type_name("MIGRATION");
  return [id](const session& with) { return redecide(with, *id); };
}

} // namespace skein::console
