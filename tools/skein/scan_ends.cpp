#include "tools/skein/scan_ends.hpp"

#include "tools/skein/words.hpp"

#include <nlohmann/json.hpp>

namespace skein::console {

using nlohmann::json;

std::set<std::string> agents_of(const json& answer) {
  const auto& started = list_of(answer, "started");
  std::set<std::string> names;
  for (const auto& name : started.empty() ? list_of(answer, "running") : started)
    if (name.is_string())
      names.insert(name.get<std::string>());
  return names;
}

bool scan_ends::hear(const json& line) {
  if (text_of(line, "stream") != "result")
    return false;
  const auto result = json::parse(text_of(line, "text"), nullptr, false);
  if (!result.is_object())
    return false;
  const bool ok = result.contains("ok") && result["ok"] == true;
  ends_[{text_of(result, "scan"), text_of(line, "agent")}]
      = ok ? "" : "it failed: " + one_line(text_of(result, "why"));
  return true;
}

outcome<bool> scan_ends::all_over(const std::set<std::string>& agents,
                                  const std::string& scan) const {
  bool over = true;
  for (const auto& agent : agents) {
    const auto end = ends_.find({scan, agent});
    if (end == ends_.end())
      over = false;
    else if (!end->second.empty())
      return give_up(exit_code::refused, agent + " did not finish the scan: " + end->second);
  }
  return over;
}

} // namespace skein::console
