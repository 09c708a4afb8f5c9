// A line of an agent's stdout, and text that goes from there into the log.
#include "actors/agent_output.hpp"
#include "actors/json_text.hpp"
#include "events/overloaded.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <nlohmann/json.hpp>

using namespace skein;
using namespace skein::fuzz;

namespace {

void check_output(const actors::output_line& line) {
  if (!line.result)
    return must(line.result.error().why.size() > 10, "a refused output says why");
  const auto& text = line.result->output;
  must(text.size() <= actors::output_bytes_max, "an output has a bound");
  must(text.find('\n') == std::string::npos, "an output is one line");
  const auto value = actors::parse_json(text);
  must(value && value->is_object() && actors::dump_json(*value) == text,
       "an output is a JSON object that stays as it is");
}

} // namespace

SKEIN_FUZZ(agent_output, bytes) {
  std::visit(overloaded{[](const actors::plain_line&) {},
                        [](const actors::progress_line& x) {
                          must(x.share >= 0 && x.share <= 1, "progress is between 0 and 1");
                        },
                        [](const actors::output_line& x) { check_output(x); }},
             actors::read_agent_line(bytes));
  const auto clean = actors::clean_text(bytes, 100);
  must(clean.size() <= 100 && actors::clean_text(clean, 100) == clean, "clean text is clean");
  must(!nlohmann::json(clean).dump().empty(), "clean text is UTF-8");
}
