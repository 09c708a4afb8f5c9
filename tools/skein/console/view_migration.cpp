#include "tools/skein/agent_line.hpp"
#include "tools/skein/console/verbs.hpp"
#include "tools/skein/console/view.hpp"
#include "tools/skein/event_line.hpp"
#include "tools/skein/migration_page.hpp"
#include "tools/skein/words.hpp"

#include <algorithm>
#include <fmt/format.h>

// One migration: what it is, its steps, what to do next, its attempts, what they found, its events.

namespace skein::console::screen {

namespace {

using nlohmann::json;

void append(std::vector<line>& to, std::vector<line> more) {
  std::move(more.begin(), more.end(), std::back_inserter(to));
}

std::vector<line> order_lines(const json& migration) {
  const auto heading = next_heading(migration);
  if (heading.empty())
    return {};
  std::vector<line> lines{{}, title(heading)};
  for (const auto& [order, when] : next_orders(migration)) {
    const auto* known = verb_of_order(order);
    const std::string key = known != nullptr && known->key != 0 ? std::string{known->key} : ":";
    lines.push_back({{fmt::format("  {}  {:<9}", key, order), style::bold}, {when}});
  }
  return lines;
}

std::string span_of(const json& attempt) {
  const auto ended = text_of(attempt, "ended");
  return clock_text(text_of(attempt, "started")) + (ended.empty() ? "" : "–" + clock_text(ended));
}

std::string said_of(const json& attempt) {
  auto text = text_of(attempt, "why");
  if (const auto kind = text_of(attempt, "error_class"); !kind.empty())
    text = kind + ": " + text;
  if (const auto found = attempt.find("progress"); text.empty() && found != attempt.end())
    text = text_of(*found, "message");
  return one_line(text);
}

std::vector<line> said_lines(const json& said, bool is_all) {
  if (said.empty() && !is_all)
    return {};
  std::vector<line> lines{{}, title("What its agents say, the newest first")};
  if (!is_all)
    lines.back().push_back({"   l  more", style::dim});
  if (said.empty())
    lines.push_back({{"  nothing lately", style::dim}});
  for (auto x = said.rbegin(); x != said.rend(); ++x) {
    const bool is_aside = text_of(*x, "stream") != "stdout";
    lines.push_back({{"  " + clock_text(text_of(*x, "at")) + "  ", style::dim},
                     {column_text(attempt_words(*x), 24) + " "},
                     {agent_words(*x), is_aside ? style::busy : style::plain}});
  }
  return lines;
}

std::vector<line> attempt_lines(const json& attempts) {
  if (attempts.empty())
    return {};
  std::vector<line> lines{{}, title("Attempts, the newest first")};
  for (auto x = attempts.rbegin(); x != attempts.rend(); ++x) {
    const auto state = text_of(*x, "state");
    lines.push_back({{"  " + column_text(span_of(*x), 17) + "  ", style::dim},
                     {column_text(attempt_words(*x), 24) + " "},
                     {column_text(state, 10), state == "failed" ? style::bad : style_of(state)},
                     {column_text(one_line(text_of(*x, "worker")), 14) + " ", style::dim},
                     {said_of(*x)}});
  }
  return lines;
}

std::vector<line> event_lines(const json& events) {
  if (events.empty())
    return {};
  std::vector<line> lines{{}, title("Events, the newest first")};
  for (auto x = events.rbegin(); x != events.rend(); ++x) {
    const auto type = text_of(*x, "type");
    const auto at = text_of(*x, "at");
    lines.push_back({{"  " + at.substr(0, 10) + " " + clock_text(at) + "  ", style::dim},
                     {column_text(type, 17) + " ", style_of(type)},
                     {event_detail(*x)}});
  }
  return lines;
}

} // namespace

std::vector<line> migration_lines(const model& m) {
  if (!m.detail.is_object())
    return {{{" " + one_line(m.opened) + " …", style::dim}}};
  const auto to = page_terminal(m.columns);
  const auto migration = object_of(m.detail, "migration");
  const auto& steps = list_of(migration, "steps");
  const auto& attempts = list_of(m.detail, "attempts");
  auto lines = lines_of(migration_heading(to, migration, m.clock));
  lines.emplace_back();
  append(lines, step_lines(steps, attempts, m.columns, m.clock));
  append(lines, said_lines(list_of(m.detail, "lines"), m.is_talkative));
  append(lines, order_lines(migration));
  append(lines, lines_of(outputs_page(to, steps)));
  append(lines, attempt_lines(attempts));
  append(lines, event_lines(list_of(m.detail, "events")));
  return lines;
}

} // namespace skein::console::screen
