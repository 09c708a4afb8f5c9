#include "actors/types.hpp"

namespace skein::actors {

std::string to_string(fault x) {
  switch (x) {
    case fault::refused: return "refused";
    case fault::log_failed: return "the log failed";
    case fault::unavailable: return "not now";
  }
  return "unknown fault";
}

std::string render(uint8_t code, caf::atom_value, const caf::message& context) {
  auto result = to_string(static_cast<fault>(code));
  if (context.match_elements<std::string>())
    result += ": " + context.get_as<std::string>(0);
  return result;
}

} // namespace skein::actors
