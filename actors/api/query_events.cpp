#include "actors/api/query_log.hpp"

#include "actors/api/event_filter.hpp"
#include "actors/api/query_parameters.hpp"
#include "actors/json_text.hpp"
#include "actors/view_row.hpp"
#include "events/record.hpp"
#include "events/status.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace skein::actors {

namespace {

using nlohmann::json;

constexpr uint64_t events_default = 100;
constexpr uint64_t events_most = 1000;
constexpr uint64_t stream_default = 1000;
/// How many records one call looks at while its filters let none through.
constexpr uint64_t looked_at_most = 20'000;

/// A JSON array, written as its elements come: they are JSON texts already.
class array_text {
public:
  void add(const std::string& element) { text_ += (count_++ == 0 ? "" : ",") + element; }
  uint64_t size() const { return count_; }
  std::string str() const { return "[" + text_ + "]"; }

private:
  std::string text_;
  uint64_t count_ = 0;
};

/// Stands for a record that cannot be shown; the log is not at an end because of it.
json unreadable_json(uint64_t sequence, const failure& why) {
  return {{"sequence", std::to_string(sequence)}, {"type", "unreadable"}, {"reason", why.what}};
}

json unreadable_json(uint64_t sequence, const failure& why, const std::string& migration,
                     uint64_t version) {
  auto what = unreadable_json(sequence, why);
  what.update({{"migration", migration},
               {"dataset", dataset_of(migration)},
               {"version", std::to_string(version)}});
  return what;
}

query_response events_response(const array_text& events, const json& next) {
  return {.body = R"({"events":)" + events.str() + R"(,"next":)" + dump_json(next) + "}"};
}

struct event_request {
  uint64_t after, limit;
  event_filter filter;
};

expected<event_request> read_event_request(const query_parameters& given,
                                           const store::view_reader& view, uint64_t otherwise,
                                           migration::timestamp now) {
  auto known = check_known(
      given, {"after", "limit", "dataset", "owner", "type", "actor", "since", "until", "at"});
  auto after = number_parameter(given, "after", 0);
  auto limit = number_parameter(given, "limit", otherwise, events_most);
  auto span = given;
  if (given.contains("at"))
    span["until"] = text_parameter(given, "at");
  auto filter = event_filter::read(span, view, now);
  if (!known || !after || !limit || !filter)
    return tl::unexpected{!known   ? known.error()
                          : !after ? after.error()
                          : !limit ? limit.error()
                                   : filter.error()};
  if (given.contains("at") && given.contains("until"))
    return fail("parameters 'at' and 'until' mean the same here; give one of them");
  return event_request{*after, *limit, *std::move(filter)};
}

} // namespace

query_response no_such_migration(const std::string& id) {
  return problem(404, "there is no migration '" + id
                          + "' here; an id is a dataset and its target version, such as movies@v2");
}

query_response all_events(const store::log_reader& log, const store::view_reader& view,
                          const query_parameters& query, migration::timestamp now) {
  auto want = read_event_request(query, view, events_default, now);
  if (!want)
    return problem(400, want.error().what);
  array_text events;
  auto seen = want->after;
  // One past the end is no place to read from.
  if (seen >= std::min(log.last_sequence(), want->filter.last_sequence()))
    return events_response(events, json(seen));
  auto end = log.read(seen + 1, looked_at_most, [&](const store::stored& from) {
    if (events.size() == want->limit || from.sequence > want->filter.last_sequence())
      return false;
    const auto what = decode_record(from.bytes);
    if (what && want->filter.wants(from.sequence, *what))
      events.add(status_json(from.sequence, *what));
    else if (!what && want->filter.is_empty())
      events.add(dump_json(unreadable_json(from.sequence, what.error())));
    seen = from.sequence;
    return true;
  });
  return end ? events_response(events, json(seen)) : problem(500, end.error().what);
}

query_response events_of(const store::log_reader& log, const store::view_reader& view,
                         const std::string& id, const query_parameters& query,
                         migration::timestamp now) {
  auto want = read_event_request(query, view, stream_default, now);
  if (!want)
    return problem(400, want.error().what);
  const auto last = log.stream_version(id);
  if (!last)
    return problem(500, last.error().what);
  if (*last == 0)
    return no_such_migration(id);
  array_text events;
  auto seen = want->after;
  // As above: and UINT64_MAX has none after it.
  if (seen >= *last)
    return events_response(events, json{});
  auto end = log.read_stream(id, seen + 1, [&](uint64_t version, const store::stored& from) {
    if (events.size() == want->limit)
      return false;
    const auto what = decode_record(from.bytes);
    if (what && want->filter.wants(from.sequence, *what))
      events.add(status_json(from.sequence, *what));
    else if (!what && want->filter.is_empty())
      events.add(dump_json(unreadable_json(from.sequence, what.error(), id, version)));
    seen = version;
    return true;
  });
  if (!end)
    return problem(500, end.error().what);
  return events_response(events, seen < *last ? json(seen) : json{});
}

query_response stream_events(event_feed& feed, const store::log_reader& log,
                             const store::view_reader& view, const query_parameters& query,
                             const std::string& last_event_id, std::string who,
                             migration::timestamp now) {
  auto given = query;
  if (!last_event_id.empty())
    given["after"] = last_event_id;
  const auto known = check_known(given, {"after", "dataset", "owner", "type", "actor"});
  const auto last = view.cursor();
  const auto after = number_parameter(given, "after", last);
  auto filter = event_filter::read(given, view, now);
  if (!known || !after || !filter)
    return problem(400, (!known ? known.error() : !after ? after.error() : filter.error()).what);
  if (*after > log.last_sequence())
    return problem(400, "there is no event " + std::to_string(*after) + " yet: the last is "
                            + std::to_string(log.last_sequence())
                            + "; if the log was begun anew, so must be the reading");
  filter->go_on_for_ever();
  return feed.open(*after, *std::move(filter), std::move(who));
}

} // namespace skein::actors
