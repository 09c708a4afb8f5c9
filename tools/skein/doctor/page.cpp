#include "tools/skein/doctor/page.hpp"

#include "tools/skein/words.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace skein::console::doctor {

namespace {

constexpr std::size_t indent = 22; ///< of the sentences, behind verdict and what it is about

style style_of(verdict x) {
  switch (x) {
    case verdict::ok: return style::good;
    case verdict::warning: return style::busy;
    case verdict::problem: return style::bad;
  }
  return style::plain;
}

std::string padded(std::string text, std::size_t columns) {
  text.resize(std::max(columns, text.size()), ' ');
  return text;
}

std::string line(const terminal& to, const finding& x) {
  auto text = wrap(x.what, to.width, std::string(indent, ' '));
  text.erase(0, indent);
  const std::string word{to_string(x.is)};
  return paint(to, style_of(x.is), word) + std::string(9 - word.size(), ' ')
         + padded(x.about, indent - 9) + text;
}

} // namespace

std::size_t count(const findings& all, verdict wanted) {
  return static_cast<std::size_t>(
      std::count_if(all.begin(), all.end(), [&](const finding& x) { return x.is == wanted; }));
}

std::string page(const terminal& to, const findings& all) {
  std::string result;
  for (const auto& each : all)
    result += line(to, each);
  const auto problems = count(all, verdict::problem), warnings = count(all, verdict::warning);
  return result + "\n"
         + (problems + warnings == 0 ? "all is well"
                                     : counted(problems, "problem", "problems") + ", "
                                           + counted(warnings, "warning", "warnings"))
         + "\n";
}

table rows(const findings& all) {
  table result{{{"VERDICT"}, {"ABOUT"}, {"WHAT"}}};
  for (const auto& each : all)
    result.add({{std::string{to_string(each.is)}, style_of(each.is)}, {each.about}, {each.what}});
  return result;
}

nlohmann::json as_json(const findings& all) {
  auto rows = nlohmann::json::array();
  for (const auto& each : all)
    rows.push_back({{"about", each.about}, {"verdict", to_string(each.is)}, {"what", each.what}});
  return {{"ok", count(all, verdict::problem) == 0},
          {"problems", count(all, verdict::problem)},
          {"warnings", count(all, verdict::warning)},
          {"findings", std::move(rows)}};
}

} // namespace skein::console::doctor
