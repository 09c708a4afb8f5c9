#include "tools/skein/command.hpp"
#include "tools/skein/migration_page.hpp"
#include "tools/skein/print.hpp"
#include "tools/skein/source.hpp"
#include "tools/skein/words.hpp"

#include "actors/point_in_time.hpp"

#include <CLI/App.hpp>
#include <memory>
#include <nlohmann/json.hpp>

namespace skein::console {

namespace {

using nlohmann::json;

struct replay_options {
  std::string id, at, version;
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

outcome<void> replay(const session& with, const replay_options& want) {
  auto from = open_source(with);
  if (!from)
    return tl::unexpected{from.error()};
  parameters query;
  if (!want.at.empty())
    query["at"] = want.at;
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
  print(paint(with.out, style::dim, headline(replayed)) + "\n\n");
  // Ages and running times are those of that moment.
  const auto then = actors::parse_rfc3339(text_of(replayed, "up_to"));
  print(migration_page(with.out, *got, then ? *then : now()));
  return {};
}

} // namespace

action add_replay(CLI::App& to) {
  auto want = std::make_shared<replay_options>();
  to.add_option("id", want->id, "Migration, such as movies@v2")->required();
  to.add_option("--at", want->at,
                "Sequence number, RFC 3339 time, or how long ago, such as -2h (the default: now)");
  to.add_option("--version", want->version, "After so many of its own events");
  return [want](const session& with) { return replay(with, *want); };
}

} // namespace skein::console
