#include "actors/api/migration_list.hpp"

#include "actors/api/best_places.hpp"
#include "actors/api/list_scan.hpp"
#include "actors/api/migration_json.hpp"
#include "actors/api/newest_changes.hpp"
#include "actors/api/query_parameters.hpp"
#include "actors/api/replay.hpp"
#include "events/status.hpp"
#include "store/encodings.hpp"
#include "store/keys.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace skein::actors {

namespace {

using nlohmann::json;

/// How many rows one call looks at while its filters let few through: others wait meanwhile.
constexpr uint64_t looked_at_most = 10'000;
/// How many events one page of the past folds, about.
constexpr uint64_t folded_most = 20'000;

/// How far back in the log what changed last is looked for.
constexpr uint64_t walked_most = 20'000;

constexpr std::array orders{"id", "changed", "requested", "attempts", "owner"};

struct list_request {
  migration_filter filter;
  std::string order = "id";
  bool descending = false;
  uint64_t limit = 0;
  std::string after;
  std::optional<point_in_time> at;
  uint64_t until = UINT64_MAX;

  bool is_by_id() const { return order == "id" && !descending; }
};

expected<void> read_order(const std::string& text, list_request& to) {
  if (text.empty())
    return {};
  to.descending = text[0] == '-';
  to.order = text.substr(to.descending ? 1 : 0);
  if (std::find(orders.begin(), orders.end(), to.order) != orders.end())
    return {};
  return fail("parameter 'sort' is '" + text
              + "'; sort by id, changed, requested, attempts or owner, with a - in front for the "
                "other way round");
}

expected<list_request> read_list_request(const query_parameters& given,
                                         const store::log_reader& log, migration::timestamp now) {
  auto known = migration_filter::parameters();
  known.insert(known.end(), {"sort", "limit", "after", "at", "until"});
  if (auto ok = check_known(given, known); !ok)
    return tl::unexpected{ok.error()};
  auto filter = migration_filter::read(given, now);
  auto limit = limit_parameter(given);
  auto at = moment_parameter(given, "at", now);
  auto until = number_parameter(given, "until", log.last_sequence());
  if (!filter || !limit || !at || !until)
    return tl::unexpected{!filter  ? filter.error()
                          : !limit ? limit.error()
                          : !at    ? at.error()
                                   : until.error()};
  if (*limit == 0)
    return fail("parameter 'limit' must be at least 1");
  list_request want{
      *std::move(filter), "id", false, *limit, text_parameter(given, "after"), *at, *until};
  if (auto ok = read_order(text_parameter(given, "sort"), want); !ok)
    return tl::unexpected{ok.error()};
  if (want.at && !want.is_by_id())
    return fail("as of a time that is over, the list is by id; leave 'sort' or 'at' out");
  if (!want.at && given.contains("until"))
    return fail("parameter 'until' goes with 'at'");
  return want;
}

// -- by id --------------------------------------------------------------------------------------

query_response list_by_id(const store::view_reader& view, const list_request& want) {
  json rows = json::array();
  const auto add = [&](std::string_view id, const list_row& row) {
    if (rows.size() == want.limit)
      return false;
    rows.push_back(line_of(view, id, row));
    return true;
  };
  const auto end
      = scan_list(view, rows_for(want.filter), want.filter, want.after, looked_at_most, add);
  if (!end)
    return problem(500, end.error().what);
  return json_response(
      {{"migrations", std::move(rows)}, {"next", end->is_whole ? json{} : json(end->last)}});
}

// -- in another order ---------------------------------------------------------------------------

/// What a row is sorted by, as bytes that compare so: valid until the next call.
class sort_key {
public:
  explicit sort_key(const std::string& order)
      : read_{order == "changed"     ? &changed
              : order == "requested" ? &requested
              : order == "attempts"  ? &attempts
                                     : nullptr},
        is_owner_{order == "owner"} {}

  std::string_view of(const list_row& row) {
    if (!read_)
      return is_owner_ ? row.label("owner") : std::string_view{};
    number_.clear();
    store::keys::put_be64(number_, read_(row));
    return number_;
  }

private:
  static uint64_t changed(const list_row& row) { return row.sequence; }
  static uint64_t attempts(const list_row& row) { return row.attempts; }
  static uint64_t requested(const list_row& row) {
    return static_cast<uint64_t>(row.requested_at.time_since_epoch().count());
  }

  uint64_t (*read_)(const list_row&);
  bool is_owner_;
  std::string number_;
};

/// A place as a parameter: `<sort>.<key in hexadecimal digits>.<id>`.
std::string cursor_of(const list_request& want, const place& at) {
  return (want.descending ? "-" : "") + want.order + "." + store::hex(at.first) + "." + at.second;
}

expected<std::optional<place>> read_cursor(const list_request& want) {
  if (want.after.empty())
    return std::nullopt;
  const auto wrong = [] {
    return fail("parameter 'after' is no 'next' of this list in this order; leave it out to begin "
                "again");
  };
  const auto first = want.after.find('.');
  const auto second = want.after.find('.', first == std::string::npos ? first : first + 1);
  if (second == std::string::npos)
    return wrong();
  const auto digits = want.after.substr(first + 1, second - first - 1);
  std::string key;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    if (!std::isxdigit(static_cast<unsigned char>(digits[i]))
        || !std::isxdigit(static_cast<unsigned char>(digits[i + 1])))
      return wrong();
    key += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
  }
  place at{std::move(key), want.after.substr(second + 1)};
  if (digits.size() % 2 != 0 || cursor_of(want, at) != want.after)
    return wrong();
  return at;
}

/// What stands at a place now: a moment may have passed since it was looked at.
json line_at(const store::view_reader& view, const std::string& id) {
  const auto bytes = view.get(std::string{list_key} + id);
  const auto row = bytes && *bytes ? list_row::read(**bytes) : std::nullopt;
  return line_of(view, id, row.value_or(unreadable_list_row()));
}

/// What changed last, of all migrations. Nothing if it cannot be had without looking at each.
std::optional<query_response> list_newest(const store::log_reader& log,
                                          const store::view_reader& view, const list_request& want,
                                          const std::optional<place>& behind) {
  json rows = json::array(), next;
  place last;
  bool is_damaged = false;
  sort_key key{want.order};
  const auto newest = view.cursor() + 1;
  const auto before
      = behind ? std::min(newest, store::keys::whole_be64(behind->first).value_or(0)) : newest;
  const auto end = walk_changes(log, before, walked_most, [&](const auto& id, uint64_t sequence) {
    const auto bytes = view.get(std::string{list_key} + id);
    const auto row = bytes && *bytes ? list_row::read(**bytes) : std::nullopt;
    is_damaged = !row;
    if (is_damaged || row->sequence != sequence)
      return !is_damaged; // one that changed meanwhile stands before the first page now
    if (rows.size() == want.limit) {
      next = cursor_of(want, last);
      return false;
    }
    rows.push_back(line_of(view, id, *row));
    last = {std::string{key.of(*row)}, id};
    return true;
  });
  if (!end || *end == walk_end::gave_up || is_damaged)
    return std::nullopt;
  return json_response({{"migrations", std::move(rows)}, {"next", next}});
}

query_response list_in_order(const store::log_reader& log, const store::view_reader& view,
                             const list_request& want) {
  auto behind = read_cursor(want);
  if (!behind)
    return problem(400, behind.error().what);
  if (want.order == "changed" && want.descending && want.filter.wants_all())
    if (auto newest = list_newest(log, view, want, *behind))
      return *std::move(newest);
  best_places best{want.limit, want.descending, *std::move(behind)};
  sort_key key{want.order};
  const auto end = scan_list(view, rows_for(want.filter), want.filter, "", store::no_limit,
                             [&](std::string_view id, const list_row& row) {
                               best.add(key.of(row), id);
                               return true;
                             });
  if (!end)
    return problem(500, end.error().what);
  const auto places = best.take();
  json rows = json::array(), next;
  for (std::size_t i = 0; i < std::min<std::size_t>(places.size(), want.limit); ++i)
    rows.push_back(line_at(view, places[i].second));
  if (places.size() > want.limit)
    next = cursor_of(want, places[want.limit - 1]);
  return json_response({{"migrations", std::move(rows)}, {"next", next}});
}

// -- as of then ---------------------------------------------------------------------------------

query_response list_past(const store::log_reader& log, const list_request& want) {
  json rows = json::array(), next;
  std::string last = want.after;
  uint64_t folded = 0;
  expected<void> looked;
  const auto walked = log.streams("", want.after, [&](const store::stream_info& stream) {
    if (rows.size() == want.limit || folded >= folded_most) {
      next = last;
      return false;
    }
    last = stream.id;
    const std::string id{stream.id};
    const auto then = replay(log, id, {*want.at, want.until});
    if (!then) {
      looked = tl::unexpected{then.error()};
      return false;
    }
    folded += then->row.version;
    const auto bytes = encode_list_row(id, then->row, std::string::npos);
    const auto row = list_row::read(bytes);
    if (then->row.version > 0 && row && want.filter.wants_id(id)
        && want.filter.wants_phase(row->phase) && want.filter.wants(*row))
      rows.push_back(summary_json(id, *row));
    return true;
  });
  if (!walked || !looked)
    return problem(500, (walked ? looked.error() : walked.error()).what);
  return json_response({{"migrations", std::move(rows)},
                        {"next", next},
                        {"at", text_of(*want.at)},
                        {"until", want.until}});
}

} // namespace

query_response list_migrations(const store::log_reader& log, const store::view_reader& view,
                               const query_parameters& query, migration::timestamp now) {
  const auto want = read_list_request(query, log, now);
  if (!want)
    return problem(400, want.error().what);
  if (want->at)
    return list_past(log, *want);
  return want->is_by_id() ? list_by_id(view, *want) : list_in_order(log, view, *want);
}

} // namespace skein::actors
