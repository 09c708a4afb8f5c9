#include "tools/skein/console/update.hpp"

#include "tools/skein/words.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace skein::console::screen {

namespace {

using nlohmann::json;

/// Keeps the chosen migration chosen where it has moved, if it is among what was loaded.
void choose_again(listing& list, const std::string& id, const load_rows& asked) {
  const auto begin = asked.first * page_rows;
  const auto end = std::min(rows_in(list), begin + asked.count * page_rows);
  for (auto i = begin; i < end; ++i)
    if (row_at(list, i).id == id) {
      list.chosen = i;
      return;
    }
}

void put_pages(listing& list, const load_rows& asked, const json& pages) {
  auto after = asked.after;
  auto at = asked.first;
  for (const auto& each : pages) {
    page next{after, {}};
    for (const auto& x : list_of(each, "rows"))
      next.rows.push_back(row_of(x));
    after = text_of(each, "next");
    if (at < list.pages.size())
      list.pages[at] = std::move(next);
    else
      list.pages.push_back(std::move(next));
    ++at;
  }
  if (after.empty() || at >= list.pages.size()) {
    list.pages.resize(std::min(at, list.pages.size()));
    list.next = after;
  } else
    list.pages[at].after = after; // its rows are shown until they are scrolled to
}

requests put(model& m, const load_rows& asked, const json& what) {
  auto& list = m.list;
  if (asked.generation != list.generation)
    return {};
  const auto chosen = list.chosen < rows_in(list) ? row_at(list, list.chosen).id : std::string{};
  const bool is_new = list.loaded != list.generation;
  if (is_new) {
    list.pages.clear();
    list.chosen = list.top = 0;
  }
  list.loaded = list.generation;
  if (asked.first <= list.pages.size())
    put_pages(list, asked, list_of(what, "pages"));
  if (!chosen.empty())
    choose_again(list, chosen, asked);
  return {};
}

requests put(model& m, const load_status&, const json& what) {
  m.status = what;
  return {};
}

requests put(model& m, const load_migration& asked, const json& what) {
  if (asked.id == m.opened)
    m.detail = what;
  return {};
}

requests put(model& m, const load_failures&, const json& what) {
  m.failures = what;
  return {};
}

requests put(model& m, const load_fleet&, const json& what) {
  m.fleet = what;
  return {};
}

requests put(model& m, const give_order& given, const json& what) {
  auto text = std::string{given.what->order} + " is in the log";
  if (const auto phase = text_of(what, "phase"); !phase.empty())
    text = std::string{given.what->order} + ": " + given.id + " is " + phase;
  else if (const auto started = joined(list_of(what, "started"), ", "); !started.empty())
    text = "started " + started;
  m.said = message{one_line(text), style::good};
  return load_shown(m);
}

/// The sentence for what was asked and not answered, or refused.
void fail(model& m, const request& to, const trouble& why) {
  if (const auto* order = std::get_if<give_order>(&to)) {
    auto text = fmt::format("{} {}: ", order->what->order, order->id);
    if (why.code == exit_code::no_daemon)
      text += "look whether it was done: ";
    text += why.what;
    m.said = message{one_line(text), style::bad};
    m.has_changed = true;
    return;
  }
  m.trouble = one_line(why.what);
  const auto* rows = std::get_if<load_rows>(&to);
  if (why.code == exit_code::no_daemon)
    m.has_changed = true;
  else if (rows != nullptr && rows->generation == m.list.generation) {
    // A filter that makes no sense lets nothing through, and is not sent again.
    m.list.loaded = m.list.generation;
    m.list.pages.clear();
    m.list.next.clear();
    clamp(m);
  }
}

} // namespace

requests take(model& m, const answer& came) {
  m.under_way.erase(came.to.index());
  m.took = std::max(came.took, m.took / 2);
  if (!came.what) {
    fail(m, came.to, came.what.error());
    return {};
  }
  if (!std::holds_alternative<give_order>(came.to))
    m.trouble.clear();
  auto more = std::visit([&](const auto& to) { return put(m, to, *came.what); }, came.to);
  clamp(m);
  return more;
}

} // namespace skein::console::screen
