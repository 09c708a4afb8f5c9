#include "actors/api/migration_list.hpp"

#include "actors/api/migration_filter.hpp"
#include "actors/api/migration_json.hpp"
#include "actors/api/query_parameters.hpp"
#include "actors/api/replay.hpp"
#include "actors/view_row.hpp"
#include "events/status.hpp"
#include "store/encodings.hpp"
#include "store/keys.hpp"

#include <array>
#include <map>
#include <nlohmann/json.hpp>

namespace skein::actors {

namespace {

using nlohmann::json;

/// How many rows one call looks at while its filters let few through: others wait meanwhile.
constexpr uint64_t looked_at_most = 50'000;
/// How many events one page of the past folds, about.
constexpr uint64_t folded_most = 20'000;

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

/// A row that stands for one that cannot be read.
view_row decoded(std::string_view bytes) {
  auto row = decode_row(bytes);
  return row ? *std::move(row) : view_row{0, 0, {}, row.error().what};
}

bool is_wanted(const list_request& want, const view_row& row) {
  return (row.version == 0 && !row.unreadable.empty()) || want.filter.wants(row);
}

// -- by id --------------------------------------------------------------------------------------

query_response list_by_id(const store::view_reader& view, const list_request& want) {
  json rows = json::array(), next;
  std::string last = want.after;
  const auto from = last.empty() ? std::string{} : std::string{row_key} + last;
  auto visit = [&, looked_at = uint64_t{0}](std::string_view key, std::string_view bytes) mutable {
    std::string id{key.substr(row_key.size())};
    std::optional<view_row> row;
    if (want.filter.wants(id, peek_phase(bytes)))
      if (row = decoded(bytes); !is_wanted(want, *row))
        row.reset();
    if ((row && rows.size() == want.limit) || looked_at++ == looked_at_most) {
      next = last;
      return false;
    }
    if (row)
      rows.push_back(summary_json(id, *row));
    last = std::move(id);
    return true;
  };
  auto scanned = view.scan(row_key, from, store::no_limit, visit);
  if (!scanned)
    return problem(500, scanned.error().what);
  return json_response({{"migrations", rows}, {"next", next}});
}

// -- in another order ---------------------------------------------------------------------------

/// Where a row stands: what it is sorted by, as bytes that compare so, and its id.
using place = std::pair<std::string, std::string>;

std::string number_key(uint64_t x) {
  std::string key;
  store::keys::put_be64(key, x);
  return key;
}

std::string key_of(const std::string& order, const view_row& row) {
  const auto& now = row.state;
  if (order == "changed")
    return number_key(row.sequence);
  if (order == "requested")
    return number_key(static_cast<uint64_t>(now.requested_at.time_since_epoch().count()));
  if (order == "owner") {
    const auto found = now.labels.find("owner");
    return found == now.labels.end() ? std::string{} : found->second;
  }
  if (order != "attempts")
    return {};
  uint64_t sum = 0;
  for (const auto& step : now.steps)
    sum += step.attempts;
  return number_key(sum);
}

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

/// The first rows behind a place, in the order that was asked for.
class best_rows {
public:
  best_rows(const list_request& want, std::optional<place> behind)
      : want_{want}, behind_{std::move(behind)} {}

  void add(const std::string& id, const view_row& row) {
    place at{key_of(want_.order, row), id};
    if (behind_ && !before(*behind_, at))
      return;
    if (rows_.size() > want_.limit && !before(at, rows_.rbegin()->first))
      return;
    rows_.emplace(std::move(at), summary_json(id, row));
    if (rows_.size() > want_.limit + 1)
      rows_.erase(std::prev(rows_.end()));
  }

  /// Whether rows with this key need not be looked at any closer.
  bool is_beyond(const std::string& key) const {
    return rows_.size() > want_.limit && key != rows_.rbegin()->first.first
           && !before({key, ""}, rows_.rbegin()->first);
  }

  query_response response() const {
    json rows = json::array(), next;
    for (const auto& [at, row] : rows_) {
      if (rows.size() == want_.limit)
        break;
      rows.push_back(row);
      if (rows.size() == want_.limit && rows_.size() > want_.limit)
        next = cursor_of(want_, at);
    }
    return json_response({{"migrations", rows}, {"next", next}});
  }

private:
  bool before(const place& a, const place& b) const { return want_.descending ? b < a : a < b; }

  const list_request& want_;
  const std::optional<place> behind_;
  const std::function<bool(const place&, const place&)> less_
      = [this](const place& a, const place& b) { return before(a, b); };
  std::map<place, json, std::function<bool(const place&, const place&)>> rows_{less_};
};

query_response list_in_order(const store::view_reader& view, const list_request& want) {
  auto behind = read_cursor(want);
  if (!behind)
    return problem(400, behind.error().what);
  best_rows best{want, *std::move(behind)};
  const auto scanned = view.scan(row_key, "", store::no_limit, [&](auto key, auto bytes) {
    const std::string id{key.substr(row_key.size())};
    if (!want.filter.wants(id, peek_phase(bytes)))
      return true;
    // The one key that can be had without decoding the row, which takes most of the time.
    if (want.order == "changed" && best.is_beyond(number_key(peek_sequence(bytes))))
      return true;
    if (const auto row = decoded(bytes); is_wanted(want, row))
      best.add(id, row);
    return true;
  });
  return scanned ? best.response() : problem(500, scanned.error().what);
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
    if (then->row.version > 0 && want.filter.wants(id, phase_name(then->row))
        && want.filter.wants(then->row))
      rows.push_back(summary_json(id, then->row));
    return true;
  });
  if (!walked || !looked)
    return problem(500, (walked ? looked.error() : walked.error()).what);
  return json_response(
      {{"migrations", rows}, {"next", next}, {"at", text_of(*want.at)}, {"until", want.until}});
}

} // namespace

query_response list_migrations(const store::log_reader& log, const store::view_reader& view,
                               const query_parameters& query, migration::timestamp now) {
  const auto want = read_list_request(query, log, now);
  if (!want)
    return problem(400, want.error().what);
  if (want->at)
    return list_past(log, *want);
  return want->is_by_id() ? list_by_id(view, *want) : list_in_order(view, *want);
}

} // namespace skein::actors
