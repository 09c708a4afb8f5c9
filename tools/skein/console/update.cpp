#include "tools/skein/console/update.hpp"

#include "tools/skein/console/filter.hpp"
#include "tools/skein/console/view.hpp"
#include "tools/skein/words.hpp"

#include <algorithm>

namespace skein::console::screen {

namespace {

using namespace std::chrono_literals;

constexpr auto between_loads = 1s;
constexpr int times_load = 4; ///< a link that takes long for an answer is left alone for longer
constexpr auto between_progress = 2s;
constexpr auto message_stays = 10s;
constexpr std::size_t newest_lines = 5, all_lines = 1000; ///< of what agents say

/// How far an attempt is comes to the daemon's memory, and not as an event.
bool shows_progress(const model& m) {
  return m.at == view::migration && text_of(object_of(m.detail, "migration"), "phase") == "running";
}

void age_message(model& m) {
  if (!m.said)
    return;
  if (m.said->since == steady{})
    m.said->since = m.now;
  if (m.now - m.said->since > message_stays)
    m.said.reset();
}

requests noted(model& m, requests all) {
  for (const auto& x : all)
    m.under_way.insert(x.index());
  return all;
}

} // namespace

requests load_shown(model& m) {
  requests all;
  switch (m.at) {
    case view::overview: all.emplace_back(load_fleet{}); break;
    case view::migrations: all.emplace_back(rows_shown(m)); break;
    case view::failures: all.emplace_back(load_failures{}); break;
    case view::fleet: all.emplace_back(load_fleet{}); break;
    case view::migration:
      all.emplace_back(load_migration{m.opened, m.is_talkative ? all_lines : newest_lines});
      break;
    case view::help: break;
  }
  all.emplace_back(load_status{});
  m.has_changed = false;
  m.asked = m.now;
  return noted(m, std::move(all));
}

load_rows rows_shown(const model& m) {
  const auto& list = m.list;
  auto query = parameters_of_filter(list.filter);
  query["sort"] = (list.is_descending ? "-" : "") + list.order;
  if (list.loaded != list.generation || list.pages.empty())
    return {list.generation, 0, 1, {}, query};
  const auto first = std::min(list.top / page_rows, list.pages.size() - 1);
  const auto last = (list.top + 2 * table_rows(m)) / page_rows;
  const auto there = list.pages.size() + (list.next.empty() ? 0 : 1);
  const auto end = std::min(last + 1, there);
  return {list.generation, first, std::max<std::size_t>(end, first + 1) - first,
          list.pages[first].after, query};
}

requests show(model& m, view next) {
  if (m.at != next)
    m.back.push_back(m.at);
  m.at = next;
  m.scroll = 0;
  m.search.clear();
  return load_shown(m);
}

requests open_migration(model& m, const std::string& id) {
  if (m.opened != id) {
    m.detail = nullptr;
    m.is_talkative = false;
  }
  m.opened = id;
  return show(m, view::migration);
}

requests toggle_lines(model& m) {
  m.is_talkative = !m.is_talkative;
  return load_shown(m);
}

requests refilter(model& m, const std::string& filter) {
  m.list.filter = filter;
  ++m.list.generation;
  m.at = view::migrations;
  return load_shown(m);
}

requests reorder(model& m, const std::string& order, bool is_descending) {
  m.list.order = order;
  m.list.is_descending = is_descending;
  return refilter(m, m.list.filter);
}

void ask_reason(model& m, const verb& order, const std::string& id, nlohmann::json details) {
  m.asking = prompt{
      .what = prompt::kind::reason, .order = &order, .id = id, .details = std::move(details)};
}

void clamp(model& m) {
  auto& list = m.list;
  const auto count = rows_in(list);
  list.chosen = std::min(list.chosen, count == 0 ? 0 : count - 1);
  const auto room = table_rows(m);
  list.top = std::min(list.top, list.chosen);
  if (list.chosen >= list.top + room)
    list.top = list.chosen - room + 1;
  list.top = std::min(list.top, count > room ? count - room : 0);
  const auto groups = list_of(m.failures, "failures").size();
  m.chosen_failure = std::min(m.chosen_failure, groups == 0 ? 0 : groups - 1);
  const auto lines = text_lines(m).size();
  m.scroll = std::min(m.scroll, lines > body_rows(m) ? lines - body_rows(m) : 0);
}

requests tick(model& m, steady now, migration::timestamp clock) {
  m.now = now;
  m.clock = clock;
  age_message(m);
  const auto since = now - m.asked;
  const bool may_differ = m.has_changed || (shows_progress(m) && since >= between_progress);
  const auto pause = std::max<std::chrono::nanoseconds>(between_loads, times_load * m.took);
  if (!m.link.live || !may_differ || !m.under_way.empty() || since < pause)
    return {};
  return load_shown(m);
}

requests take(model& m, const news& heard) {
  if (m.link.live != heard.live || m.link.since == steady{})
    m.link.since = m.now;
  m.link.live = heard.live;
  m.link.why = heard.why;
  m.link.again = heard.again;
  m.events.add(m.now, heard.events);
  m.completed.add(m.now, heard.completed);
  for (const auto& x : heard.newest)
    m.newest.push_back(x);
  while (m.newest.size() > 100)
    m.newest.pop_front();
  m.has_changed = m.has_changed || heard.opened || heard.events > 0;
  if (!heard.opened || m.now - m.asked < between_loads)
    return {};
  m.trouble.clear();
  return load_shown(m);
}

requests resize(model& m, std::size_t columns, std::size_t rows) {
  m.columns = std::max<std::size_t>(columns, 20);
  m.rows = std::max<std::size_t>(rows, 5);
  clamp(m);
  m.has_changed = true;
  return {};
}

} // namespace skein::console::screen
