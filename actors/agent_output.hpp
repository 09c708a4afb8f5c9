#pragma once

#include "events/migration.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <variant>

namespace skein::actors {

/// The most that the `output` object of an agent may take, as JSON text.
inline constexpr std::size_t output_bytes_max = 256u << 10;

/// `{"progress": 0.4, "message": "..."}`; `share` is between 0 and 1.
struct progress_line {
  double share = 0;
  std::string message;
};

/// `{"output": {...}}`: what the attempt comes to if the agent then exits with 0. A setback when
/// the output is not what an output has to be.
struct output_line {
  tl::expected<migration::success, migration::setback> result;
};

/// Anything else an agent prints.
struct plain_line {};

/// Reads one line of an agent's stdout (design.md, section 8). Of an output, `labels` (an object
/// of strings) and `hold` (a sentence) are also taken out for Skein; the output keeps them.
std::variant<plain_line, progress_line, output_line> read_agent_line(std::string_view line);

} // namespace skein::actors
