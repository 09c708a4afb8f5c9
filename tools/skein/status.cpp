#include "tools/skein/command.hpp"
#include "tools/skein/pools.hpp"
#include "tools/skein/print.hpp"
#include "tools/skein/source.hpp"
#include "tools/skein/words.hpp"

#include <nlohmann/json.hpp>

namespace skein::console {

namespace {

using nlohmann::json;

// In the order of a migration's life, what wants a person last.
constexpr const char* phases[]{"running", "completed", "cancelled",   "rolled_back",
                               "held",    "parked",    "quarantined", "unreadable"};

uint64_t count_of(const json& object, const char* member) {
  return static_cast<uint64_t>(number_of(object, member));
}

void print_phases(const terminal& out, const json& status) {
  print_line(counted(count_of(status, "migrations"), "migration", "migrations"));
  for (const auto* phase : phases)
    if (const auto count = count_of(status["phases"], phase); count > 0) {
      const auto digits = count_text(count);
      print_line(std::string(digits.size() < 9 ? 9 - digits.size() : 0, ' ') + digits + "  "
                 + paint(out, style_of(phase), phase));
    }
}

table phases_of(const json& status) {
  table rows{{{"PHASE"}, {"MIGRATIONS", table::align::right}}};
  for (const auto* phase : phases)
    rows.add({{phase}, count_cell(count_of(status["phases"], phase))});
  return rows;
}

void print_log(const json& status) {
  const auto lag = count_of(status, "lag");
  print_line("log " + text_of(status, "log").substr(0, 8) + " with "
             + counted(count_of(status, "last_sequence"), "event", "events")
             + (lag == 0 ? "" : ", of which the view lacks the last " + count_text(lag)));
}

outcome<void> status(const session& with) {
  auto from = open_source(with);
  if (!from)
    return tl::unexpected{from.error()};
  auto status = get_json(**from, "/v1/status");
  if (!status)
    return tl::unexpected{status.error()};
  // Only a daemon has a fleet; one that is just starting may not have it yet.
  if ((*from)->is_live())
    if (const auto fleet = get_json(**from, "/v1/fleet"))
      status->update(*fleet);
  (*status)["live"] = (*from)->is_live();
  if (with.json) {
    print_line(status->dump());
    return {};
  }
  if (with.format == output_format::csv) {
    print_table(with, phases_of(*status), "");
    return {};
  }
  print_phases(with.out, *status);
  print_log(*status);
  print_below(with, pools_table(*status));
  print_below(with, breakers_table(*status));
  return {};
}

} // namespace

action add_status(CLI::App&) { return status; }

} // namespace skein::console
