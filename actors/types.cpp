#include "actors/types.hpp"

namespace skein::actors {

std::string to_string(fault x) {
  switch (x) {
    case fault::refused: return "refused";
    case fault::log_failed: return "the log failed";
    case fault::unavailable: return "not now";
    case fault::changed: return "it has changed";
  }
  return "unknown fault";
}

std::string render(uint8_t code, caf::atom_value, const caf::message& context) {
  auto result = to_string(static_cast<fault>(code));
  if (context.match_elements<std::string>())
    result += ": " + context.get_as<std::string>(0);
  if (context.match_elements<std::string, uint64_t>())
    result += ": " + context.get_as<std::string>(0) + " is at version "
              + std::to_string(context.get_as<uint64_t>(1));
  return result;
}

} // namespace skein::actors
