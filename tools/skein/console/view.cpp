#include "tools/skein/console/view.hpp"

#include "tools/skein/words.hpp"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>

namespace skein::console::screen {

namespace {

struct tab {
  view at;
  const char* text;
};

constexpr tab tabs[]{{view::overview, "1 overview"},
                     {view::migrations, "2 migrations"},
                     {view::failures, "3 failures"},
                     {view::fleet, "4 pools"}};

double seconds_between(steady from, steady to) {
  return std::max(0.0, std::chrono::duration<double>(to - from).count());
}

std::string clock_of(migration::timestamp at) {
  const auto second = std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()).count();
  return fmt::format("{:02}:{:02}:{:02} UTC", second / 3600 % 24, second / 60 % 60, second % 60);
}

line bar(const model& m) {
  line left{{" skein ", style::bold, true}, {m.workspace + "  ", style::plain, true}};
  for (const auto& x : tabs) {
    const bool is_here = m.at == x.at;
    left.push_back(
        {std::string{" "} + x.text + " ", is_here ? style::bold : style::plain, !is_here});
  }
  const auto right = (m.link.live ? clock_of(m.clock) : "NOT CONNECTED") + " ";
  const auto room = m.columns - std::min(display_width(right), m.columns);
  left = cut(left, room);
  left.push_back({std::string(room - width_of(left), ' '), style::plain, true});
  left.push_back({right, m.link.live ? style::plain : style::bad, true});
  return cut(left, m.columns);
}

std::string why_lost(const model& m) {
  auto text = "not connected for " + duration_text(seconds_between(m.link.since, m.now));
  if (m.link.again > m.now)
    text += ", trying again in " + duration_text(seconds_between(m.now, m.link.again));
  return one_line(text + ": " + m.link.why);
}

std::string counts_of(const model& m) {
  if (!m.status.is_object())
    return "…";
  auto text = counted(static_cast<uint64_t>(number_of(m.status, "migrations")), "migration",
                      "migrations");
  const auto phases = object_of(m.status, "phases");
  for (const auto* phase : {"running", "completed", "held", "parked", "quarantined"})
    if (const auto count = number_of(phases, phase); count > 0)
      text += fmt::format(", {} {}", count_text(static_cast<uint64_t>(count)), phase);
  return text + fmt::format("; {:.1f} events/s", m.events.average(m.now, 5));
}

line state_line(const model& m) {
  if (m.said)
    return {{" " + m.said->text, m.said->how}};
  if (!m.link.live)
    return {{" " + why_lost(m), style::bad}};
  if (!m.trouble.empty())
    return {{" " + m.trouble, style::bad}};
  return {{" ● ", style::good}, {counts_of(m), style::plain}};
}

/// ` (copy)`: the step or the number that the order is about.
std::string details_text(const nlohmann::json& details) {
  for (const auto* member : {"step", "priority"})
    if (const auto found = details.find(member); found != details.end())
      return " (" + one_line(found->is_string() ? found->get<std::string>() : found->dump()) + ")";
  return {};
}

std::string label_of(const prompt& asked) {
  switch (asked.what) {
    case prompt::kind::filter: return "/";
    case prompt::kind::search: return "/";
    case prompt::kind::command: return ":";
    case prompt::kind::reason:
      return std::string{asked.order->asks} + " " + one_line(asked.id) + details_text(asked.details)
             + (asked.id.empty() ? "because: " : " because: ");
  }
  return {};
}

/// The prompt with the end of what was typed, where not all fits.
line prompt_line(const model& m) {
  const auto label = shorten(label_of(*m.asking), 2 * m.columns / 3);
  const auto room = m.columns - display_width(label) - 1;
  auto shown = one_line(m.asking->text);
  while (display_width(shown) > room)
    shown.erase(0, 1);
  return {{label, style::bold}, {shown}};
}

std::string keys_of(const model& m) {
  if (m.asking)
    switch (m.asking->what) {
      case prompt::kind::filter:
        return "part of a name, state:, owner:, why: …  Enter keep  Esc drop";
      case prompt::kind::reason: return "Enter gives the order  Esc gives it up";
      default: return "Enter  Esc";
    }
  constexpr auto orders = "r retry  a approve  p pause  P resume  c cancel";
  switch (m.at) {
    case view::migrations: return fmt::format("Enter open  / filter  s S sort  {}  ? help", orders);
    case view::migration: return fmt::format("Esc back  / search  {}  ? help", orders);
    case view::failures: return "Enter the migrations of it  : command  ? help  q quit";
    case view::help: return "Esc back  / search  n next  q quit";
    default: return "1 2 3 4 views  : command  / search  ? help  q quit";
  }
}

/// The keys; with the prompt in the line above, what is wrong is said here.
line last_line(const model& m) {
  if (m.asking && m.said)
    return {{" " + m.said->text, m.said->how}};
  if (m.asking && !m.trouble.empty())
    return {{" " + m.trouble, style::bad}};
  return {{" " + keys_of(m), style::dim}};
}

std::vector<line> body_of(const model& m) {
  if (m.at == view::migrations)
    return migrations_body(m);
  if (m.at == view::failures)
    return failures_body(m);
  auto lines = text_lines(m);
  lines.erase(lines.begin(),
              lines.begin() + static_cast<std::ptrdiff_t>(std::min(m.scroll, lines.size())));
  if (!m.search.empty())
    for (auto& x : lines)
      if (has_text(plain_text(x), m.search))
        x = reversed(x, m.columns);
  return lines;
}

} // namespace

line title(const std::string& text) { return {{text, style::bold}}; }

bool has_text(const std::string& text, const std::string& part) {
  const auto same = [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a))
           == std::tolower(static_cast<unsigned char>(b));
  };
  return !part.empty()
         && std::search(text.begin(), text.end(), part.begin(), part.end(), same) != text.end();
}

std::vector<line> text_lines(const model& m) {
  switch (m.at) {
    case view::overview: return overview_lines(m);
    case view::fleet: return fleet_lines(m);
    case view::migration: return migration_lines(m);
    case view::help: return help_lines(m);
    default: return {};
  }
}

picture picture_of(const model& m) {
  picture result;
  result.lines.push_back(bar(m));
  auto body = body_of(m);
  body.resize(body_rows(m));
  for (auto& x : body)
    result.lines.push_back(cut(x, m.columns));
  result.lines.push_back(cut(m.asking ? prompt_line(m) : state_line(m), m.columns));
  if (m.asking)
    result.cursor
        = place{std::min(width_of(result.lines.back()), m.columns - 1), result.lines.size() - 1};
  result.lines.push_back(cut(last_line(m), m.columns));
  for (auto& row : result.lines)
    for (auto& x : row)
      x.text = one_line(x.text);
  return result;
}

} // namespace skein::console::screen
