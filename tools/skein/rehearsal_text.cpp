#include "tools/skein/rehearsal_text.hpp"

#include "tools/skein/words.hpp"

#include <nlohmann/json.hpp>

namespace skein::console {

namespace {

std::string types_of(const nlohmann::json& events) {
  std::string text;
  for (const auto& each : events)
    text += (text.empty() ? "" : ", ") + text_of(each, "type");
  return text;
}

} // namespace

std::string rehearsal_text(const nlohmann::json& answer) {
  const auto events = types_of(list_of(answer, "events"));
  const auto id = text_of(answer, "id");
  if (id.empty())
    return one_line("it would be noted: " + events);
  const auto now = text_of(answer, "phase"), after = text_of(answer, "phase_after");
  return one_line(id + " is " + now
                  + (after == now ? ", and would still be" : ", and would be " + after) + ": "
                  + events);
}

} // namespace skein::console
