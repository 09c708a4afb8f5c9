#include "tools/skein/console/filter.hpp"
#include "tools/skein/console/update.hpp"
#include "tools/skein/console/view.hpp"
#include "tools/skein/words.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <utility>

namespace skein::console::screen {

namespace {

constexpr std::chrono::milliseconds double_click{400};
constexpr std::ptrdiff_t wheel_rows = 3;
constexpr std::array orders{"id", "changed", "requested", "attempts", "owner"};

bool chooses_rows(view at) { return at == view::migrations || at == view::failures; }

std::size_t& place_of(model& m) {
  if (m.at == view::migrations)
    return m.list.chosen;
  return m.at == view::failures ? m.chosen_failure : m.scroll;
}

std::size_t page_of(const model& m) {
  return std::max<std::size_t>(m.at == view::migrations ? table_rows(m) : body_rows(m), 2) - 1;
}

/// Loads what scrolling brought onto the screen.
requests load_scrolled(model& m) {
  if (m.at != view::migrations)
    return {};
  const auto want = rows_shown(m);
  if (want.first + want.count <= m.list.pages.size() && m.list.loaded == m.list.generation)
    return {};
  m.under_way.insert(request{want}.index());
  return {want};
}

requests move_by(model& m, std::ptrdiff_t rows) {
  auto& place = place_of(m);
  place = rows < 0 && static_cast<std::size_t>(-rows) > place
              ? 0
              : place + static_cast<std::size_t>(rows);
  clamp(m);
  return load_scrolled(m);
}

requests move_to(model& m, std::size_t place) {
  place_of(m) = place;
  clamp(m);
  return load_scrolled(m);
}

requests go_back(model& m) {
  if (m.back.empty())
    return m.list.filter.empty() ? requests{} : refilter(m, "");
  const auto before = m.back.back();
  m.back.pop_back();
  m.at = before;
  m.scroll = 0;
  m.search.clear();
  return load_shown(m);
}

requests go_into(model& m) {
  if (m.at == view::migrations) {
    const auto id = chosen_migration(m);
    return id.empty() ? requests{} : open_migration(m, id);
  }
  if (m.at == view::migration)
    return toggle_lines(m);
  if (m.at != view::failures)
    return {};
  const auto& groups = list_of(m.failures, "failures");
  if (m.chosen_failure >= groups.size())
    return {};
  m.back.push_back(m.at);
  return refilter(m, "failure:" + text_of(groups[m.chosen_failure], "id"));
}

/// Chooses the row under the mouse; the second time soon after, opens it.
requests click_on(model& m, std::size_t screen_row) {
  const auto row = listed_at(m, screen_row);
  const auto before = std::exchange(m.clicked, std::nullopt);
  if (!row)
    return {};
  if (before && before->row == *row && place_of(m) == *row && m.now - before->at <= double_click)
    return go_into(m);
  m.clicked = click{*row, m.now};
  return move_to(m, *row);
}

requests top_view(model& m, view next) {
  m.back.clear();
  m.at = next;
  return show(m, next);
}

void ask(model& m, prompt::kind what) {
  m.asking = prompt{.what = what};
  if (what == prompt::kind::filter)
    m.asking->text = m.asking->before = m.list.filter;
}

void start_order(model& m, const verb& order) {
  const auto id = chosen_migration(m);
  if (order.of_one && id.empty())
    m.said
        = message{std::string{order.order} + " is for one migration: choose it first", style::bad};
  else
    ask_reason(m, order, id);
}

requests next_order(model& m) {
  const auto at = std::find(orders.begin(), orders.end(), m.list.order);
  const bool is_last = at == orders.end() || at + 1 == orders.end();
  return reorder(m, is_last ? orders.front() : *(at + 1), m.list.is_descending);
}

/// To the next line of a text that has what is searched for.
requests search_on(model& m, std::ptrdiff_t step, bool is_here_good) {
  const auto lines = text_lines(m);
  auto at
      = static_cast<std::ptrdiff_t>(is_here_good ? m.scroll : m.found) + (is_here_good ? 0 : step);
  for (; at >= 0 && at < static_cast<std::ptrdiff_t>(lines.size()); at += step)
    if (has_text(plain_text(lines[static_cast<std::size_t>(at)]), m.search)) {
      m.found = m.scroll = static_cast<std::size_t>(at);
      clamp(m);
      return {};
    }
  if (!m.search.empty())
    m.said = message{"no more of \"" + m.search + "\"", style::busy};
  return {};
}

requests press_character(model& m, const std::string& key) {
  using act = requests (*)(model&);
  static const std::map<std::string, act> known{
      {"j", [](model& x) { return move_by(x, 1); }},
      {"k", [](model& x) { return move_by(x, -1); }},
      {"g", [](model& x) { return move_to(x, 0); }},
      {"G", [](model& x) { return move_to(x, SIZE_MAX / 2); }},
      {"1", [](model& x) { return top_view(x, view::overview); }},
      {"2", [](model& x) { return top_view(x, view::migrations); }},
      {"3", [](model& x) { return top_view(x, view::failures); }},
      {"4", [](model& x) { return top_view(x, view::fleet); }},
      {"?", [](model& x) { return show(x, view::help); }},
      {"s", [](model& x) { return next_order(x); }},
      {"S", [](model& x) { return reorder(x, x.list.order, !x.list.is_descending); }},
      {"R", [](model& x) { return load_shown(x); }},
      {"n", [](model& x) { return search_on(x, 1, false); }},
      {"N", [](model& x) { return search_on(x, -1, false); }},
      {"h", [](model& x) { return go_back(x); }},
      {"l", [](model& x) { return go_into(x); }},
      {":", [](model& x) { return ask(x, prompt::kind::command), requests{}; }},
      {"q", [](model& x) { return x.ends = true, requests{}; }},
  };
  if (const auto found = known.find(key); found != known.end())
    return found->second(m);
  if (key == "/")
    ask(m, chooses_rows(m.at) ? prompt::kind::filter : prompt::kind::search);
  else if (const auto* order = verb_of_key(key))
    start_order(m, *order);
  return {};
}

/// Takes a character off the end, also one of several bytes.
void take_off(std::string& text) {
  while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0) == 0x80)
    text.pop_back();
  if (!text.empty())
    text.pop_back();
}

void take_word_off(std::string& text) {
  while (text.ends_with(' '))
    text.pop_back();
  while (!text.empty() && !text.ends_with(' '))
    text.pop_back();
}

requests typed(model& m) {
  if (m.asking->what == prompt::kind::filter)
    return refilter(m, m.asking->text);
  if (m.asking->what == prompt::kind::search) {
    m.search = m.asking->text;
    return search_on(m, 1, true);
  }
  return {};
}

requests abandon(model& m) {
  const auto left = *m.asking;
  m.asking.reset();
  if (left.what == prompt::kind::filter)
    return refilter(m, left.before);
  if (left.what == prompt::kind::reason)
    m.said = message{"nothing was done", style::busy};
  return {};
}

requests accept(model& m) {
  const auto done = *m.asking;
  const bool is_empty = done.text.find_first_not_of(' ') == done.text.npos;
  if (done.what == prompt::kind::reason && is_empty) {
    m.said = message{"an order needs a reason: it is kept in the log. Esc gives the order up",
                     style::bad};
    return {};
  }
  m.asking.reset();
  if (done.what == prompt::kind::command)
    return obey(m, done.text);
  if (done.what != prompt::kind::reason)
    return {};
  m.said = message{std::string{done.order->order} + " " + done.id + " …", style::busy};
  return {give_order{done.order, done.id, done.text, done.details}};
}

requests press_in_prompt(model& m, const key& pressed) {
  auto& text = m.asking->text;
  switch (pressed.code) {
    case key_code::text: text += pressed.text; return typed(m);
    case key_code::backspace:
      if (text.empty())
        return abandon(m);
      take_off(text);
      return typed(m);
    case key_code::erase_all: text.clear(); return typed(m);
    case key_code::erase_word: take_word_off(text); return typed(m);
    case key_code::escape: return abandon(m);
    case key_code::enter: return accept(m);
    default: return {};
  }
}

} // namespace

requests press(model& m, const key& pressed) {
  m.said.reset();
  if (m.asking)
    return press_in_prompt(m, pressed);
  const auto page = static_cast<std::ptrdiff_t>(page_of(m));
  switch (pressed.code) {
    case key_code::text: return press_character(m, pressed.text);
    case key_code::enter: return go_into(m);
    case key_code::escape:
    case key_code::backspace: return go_back(m);
    case key_code::up: return move_by(m, -1);
    case key_code::down: return move_by(m, 1);
    case key_code::page_up: return move_by(m, -page);
    case key_code::page_down: return move_by(m, page);
    case key_code::home: return move_to(m, 0);
    case key_code::end: return move_to(m, SIZE_MAX / 2);
    case key_code::click: return click_on(m, pressed.row);
    case key_code::wheel_up: return move_by(m, -wheel_rows);
    case key_code::wheel_down: return move_by(m, wheel_rows);
    default: return {};
  }
}

} // namespace skein::console::screen
