#include "tools/skein/agent_line.hpp"

#include "tools/skein/words.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace skein::console {

using nlohmann::json;

std::string agent_words(const json& said) {
  const auto words = one_line(text_of(said, "text"));
  const auto share = said.find("progress");
  if (share == said.end() || !share->is_number())
    return words;
  return fmt::format("{:.0f} %{}{}", share->get<double>() * 100, words.empty() ? "" : " ", words);
}

std::string attempt_words(const json& of) {
  return fmt::format("{} #{:.0f}", one_line(text_of(of, "step")), number_of(of, "attempt"));
}

std::string agent_line(const terminal& to, const json& said) {
  const auto moment = clock_text(text_of(said, "at")), who = attempt_words(said);
  auto words = agent_words(said);
  const auto before = display_width(moment) + 2 + display_width(who) + 2;
  if (to.width > 0)
    words = shorten(words, to.width > before ? to.width - before : 1);
  const bool is_aside = text_of(said, "stream") != "stdout";
  return paint(to, style::dim, moment) + "  " + paint(to, style::bold, who) + "  "
         + paint(to, is_aside ? style::busy : style::plain, words);
}

table agent_line_table(const json& lines) {
  constexpr auto right = table::align::right;
  table rows{{{"AT"},
              {"STEP"},
              {"ATTEMPT", right},
              {"AGENT"},
              {"WORKER"},
              {"STREAM"},
              {"PROGRESS", right},
              {"TEXT"}}};
  for (const auto& line : lines) {
    const auto share = line.find("progress");
    const bool has_share = share != line.end() && share->is_number();
    rows.add({{text_of(line, "at")},
              {text_of(line, "step")},
              {fmt::format("{:.0f}", number_of(line, "attempt"))},
              {text_of(line, "agent")},
              {text_of(line, "worker")},
              {text_of(line, "stream")},
              {has_share ? fmt::format("{:.15g}", share->get<double>()) : ""},
              {text_of(line, "text")}});
  }
  return rows;
}

} // namespace skein::console
