#include "tools/skein/audit.hpp"
#include "tools/skein/event_line.hpp"
#include "tools/skein/print.hpp"
#include "tools/skein/proof.hpp"
#include "tools/skein/words.hpp"

#include "events/status.hpp"

#include <CLI/App.hpp>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>

namespace skein::console {

namespace {

using nlohmann::json;

struct check_options {
  std::string file, key;
};

outcome<std::string> content_of(const std::string& file) {
  std::ifstream in{file, std::ios::binary};
  std::string text{std::istreambuf_iterator<char>{in}, {}};
  if (!in.is_open() || in.bad())
    return give_up(exit_code::not_found, "cannot read " + file);
  return text;
}

json events_of(const proved& what) {
  auto events = json::array();
  for (std::size_t i = 0; i < what.events.size(); ++i)
    events.push_back(json::parse(status_json(what.sequences[i], what.events[i]), nullptr, false));
  return events;
}

void print_json(const proved& what, const std::string& migration, bool key_was_given) {
  print_line(json{{"ok", true},
                  {"migration", migration},
                  {"log", what.head.log_id},
                  {"size", what.head.size},
                  {"time", what.head.time},
                  {"key", what.key},
                  {"key_was_given", key_was_given},
                  {"events", events_of(what)}}
                 .dump());
}

/// What the proof says, and what it leaves open.
void print_findings(const session& with, const proved& what, const std::string& migration,
                    bool key_was_given) {
  const bool is_csv = with.format == output_format::csv;
  const auto events = events_of(what);
  if (is_csv)
    print(event_table(events).csv());
  else
    for (const auto& event : events)
      print_line(event_line(page_of(with), event));
  // Not among the rows, where a program would read it.
  const auto say = is_csv ? remark : print_line;
  const auto count = what.events.size();
  if (!is_csv)
    print_line("");
  say(fmt::format("Proved: the log {} had these {} of {} among its first {} when {} signed "
                  "its head, at {}. They are its versions 1 to {}: none is left out in "
                  "between.",
                  what.head.log_id, counted(count, "event", "events"), one_line(migration),
                  counted(what.head.size, "event", "events"), what.key, what.head.time, count));
  say(fmt::format("Not proved: that {} has no event after version {}{}.", one_line(migration),
                  count,
                  key_was_given ? ""
                                : ", and whose key that is: it stands in the proof itself; "
                                  "give the key you know with --key"));
}

outcome<void> check_proof(const session& with, const check_options& want) {
  const auto text = content_of(want.file);
  if (!text)
    return tl::unexpected{text.error()};
  const auto read = proof_in(*text);
  if (!read)
    return give_up(exit_code::refused, read.error().what);
  if (!want.key.empty() && want.key != read->key)
    return give_up(exit_code::refused,
                   "the proof's head is signed with " + read->key + ", which is not the key given");
  const auto found = check(*read);
  if (!found)
    return give_up(exit_code::refused, "this proof does not hold: " + found.error().what);
  if (with.json)
    print_json(*found, read->migration, !want.key.empty());
  else
    print_findings(with, *found, read->migration, !want.key.empty());
  return {};
}

} // namespace

action add_audit_check(CLI::App& to) {
  auto want = std::make_shared<check_options>();
  to.add_option("proof", want->file, "What `skein audit prove` wrote")->required();
  to.add_option("--key", want->key, "The log's public key, from a source that you trust");
  return [want](const session& with) { return check_proof(with, *want); };
}

} // namespace skein::console
