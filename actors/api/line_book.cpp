#include "actors/api/line_book.hpp"

#include "actors/api/query_parameters.hpp"
#include "actors/json_text.hpp"
#include "events/status.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace skein::actors {

namespace {

using nlohmann::json;

constexpr std::size_t text_bytes_max = 8u << 10;
constexpr std::size_t name_bytes_max = 512;
constexpr std::size_t lines_default = 100, lines_most = 1000;
constexpr auto progress = "progress";

std::size_t size_of(const said_line& x) {
  const auto& what = x.what;
  return sizeof x + what.migration.size() + what.step.size() + what.agent.size()
         + what.worker.size() + what.stream.size() + what.text.size();
}

void clean(bus::agent_line& what) {
  for (auto* name : {&what.step, &what.agent, &what.worker, &what.stream})
    *name = clean_text(*name, name_bytes_max);
  what.text = clean_text(what.text, text_bytes_max);
}

bool overtakes(const bus::agent_line& later, const bus::agent_line& earlier) {
  return later.stream == progress && earlier.stream == progress && later.step == earlier.step
         && later.attempt == earlier.attempt;
}

json json_of(const said_line& x) {
  const auto& what = x.what;
  const bool has_share = what.stream == progress && what.progress >= 0 && what.progress <= 1;
  return {{"sequence", x.sequence},
          {"at", rfc3339(x.at)},
          {"step", what.step},
          {"attempt", what.attempt},
          {"agent", what.agent},
          {"worker", what.worker},
          {"stream", what.stream},
          {"text", what.text},
          {"progress", has_share ? json(what.progress) : json{}}};
}

} // namespace

void line_book::hear(bus::agent_line what, migration::timestamp at) {
  if (what.migration.empty() || what.migration.size() > name_bytes_max)
    return;
  clean(what);
  const std::lock_guard lock{guard_};
  const auto [found, is_new] = voices_.try_emplace(what.migration);
  auto& mine = found->second;
  if (is_new)
    mine.place = silent_longest_.insert(silent_longest_.end(), what.migration);
  else
    silent_longest_.splice(silent_longest_.end(), silent_longest_, mine.place);
  if (!mine.lines.empty() && overtakes(what, mine.lines.back().what))
    drop_newest(mine);
  // From the clock, so that a reader's place is good also after a restart.
  const auto moment = static_cast<uint64_t>(std::max<int64_t>(at.time_since_epoch().count(), 0));
  last_ = std::max(last_ + 1, moment);
  mine.lines.push_back({last_, at, std::move(what)});
  const auto size = size_of(mine.lines.back());
  mine.bytes += size;
  bytes_ += size;
  while (mine.lines.size() > 1 && (mine.lines.size() > most_.lines || mine.bytes > most_.bytes))
    drop_oldest(mine);
  forget_the_silent();
}

void line_book::drop_oldest(voice& from) {
  const auto size = size_of(from.lines.front());
  from.lines.pop_front();
  from.bytes -= size;
  bytes_ -= size;
}

void line_book::drop_newest(voice& from) {
  const auto size = size_of(from.lines.back());
  from.lines.pop_back();
  from.bytes -= size;
  bytes_ -= size;
}

void line_book::forget_the_silent() {
  while (bytes_ > most_.all_bytes && voices_.size() > 1) {
    const auto found = voices_.find(silent_longest_.front());
    bytes_ -= found->second.bytes;
    voices_.erase(found);
    silent_longest_.pop_front();
  }
}

std::vector<said_line> line_book::of(const std::string& migration, uint64_t after,
                                     std::size_t limit) const {
  const std::lock_guard lock{guard_};
  const auto found = voices_.find(migration);
  if (found == voices_.end())
    return {};
  const auto& all = found->second.lines;
  auto begin = std::upper_bound(all.begin(), all.end(), after,
                                [](uint64_t place, const auto& x) { return place < x.sequence; });
  const auto count = static_cast<std::size_t>(all.end() - begin);
  if (count > limit)
    begin += static_cast<std::ptrdiff_t>(count - limit);
  return {begin, all.end()};
}

query_response lines_of(const line_book& book, const std::string& migration,
                        const query_parameters& query) {
  const auto known = check_known(query, {"limit", "after"});
  const auto limit = number_parameter(query, "limit", lines_default, lines_most);
  const auto after = number_parameter(query, "after", 0);
  if (!known || !limit || !after)
    return problem(400, (!known ? known.error() : !limit ? limit.error() : after.error()).what);
  auto lines = json::array();
  auto next = *after;
  for (const auto& each : book.of(migration, *after, *limit)) {
    next = each.sequence;
    lines.push_back(json_of(each));
  }
  return json_response({{"lines", std::move(lines)}, {"next", next}});
}

} // namespace skein::actors
