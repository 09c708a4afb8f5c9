#include "tools/skein/command.hpp"
#include "tools/skein/fleet_pages.hpp"
#include "tools/skein/migration_page.hpp"
#include "tools/skein/print.hpp"
#include "tools/skein/source.hpp"
#include "tools/skein/words.hpp"

#include "actors/api/point_in_time.hpp"

#include <CLI/App.hpp>
#include <memory>
#include <nlohmann/json.hpp>

namespace skein::console {

namespace {

using nlohmann::json;

struct replay_options {
  std::string id, version;
  fleet_options fleet;
};

std::string headline(const json& replayed) {
  auto line = "Rebuilt from the log: "
              + counted(static_cast<uint64_t>(number_of(replayed, "events")), "event", "events")
              + " up to " + text_of(replayed, "up_to");
  const auto agrees = replayed.find("agrees_with_view");
  if (agrees != replayed.end() && agrees->is_boolean())
    line += agrees->get<bool>() ? "; the view says the same" : "; THE VIEW SAYS OTHERWISE";
  return line;
}

outcome<void> replay_one(const session& with, const replay_options& want) {
  auto from = open_source(with);
  if (!from)
    return tl::unexpected{from.error()};
  parameters query;
  if (!want.fleet.at.empty())
    query["at"] = want.fleet.at;
  if (!want.version.empty())
    query["version"] = want.version;
  const auto got = get_json(**from, migration_path(want.id, "replay"), query);
  if (!got)
    return tl::unexpected{got.error()};
  if (with.json) {
    print_line(got->dump());
    return {};
  }
  const auto replayed = got->value("replayed", json::object());
  // Ages and running times are those of that moment.
  const auto then = actors::parse_rfc3339(text_of(replayed, "up_to")).value_or(now());
  if (with.format == output_format::csv) {
    print(steps_table(*got, then).csv());
    return {};
  }
  print(paint(with.out, style::dim, headline(replayed)) + "\n\n");
  print(migration_page(page_of(with), *got, then));
  print(paint(with.out, style::dim, "State digest " + text_of(replayed, "digest")) + "\n");
  return {};
}

} // namespace

action add_replay(CLI::App& to) {
  auto want = std::make_shared<replay_options>();
  to.add_option("id", want->id, "Migration, such as movies@v2; all if left out")
      ->type_name("MIGRATION");
  to.add_option("--at", want->fleet.at,
                "Sequence number, RFC 3339 time, or how long ago, such as -2h (the default: now)");
  to.add_option("--version", want->version, "After so many of its own events; only with an id");
  add_fleet_options(to, want->fleet);
  return [want](const session& with) -> outcome<void> {
    if (!want->id.empty())
      return replay_one(with, *want);
    if (!want->version.empty())
      return give_up(exit_code::usage, "--version needs the id of a migration");
    return replay_fleet(with, want->fleet);
  };
}

} // namespace skein::console
