#include "actors/agent_output.hpp"

#include "actors/json_text.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace skein::actors {

namespace {

using nlohmann::json;
using result = tl::expected<migration::success, migration::setback>;

tl::unexpected<migration::setback> broken(std::string why) {
  return tl::unexpected{migration::setback{error_class::permanent, std::move(why)}};
}

tl::expected<migration::labels, migration::setback> read_labels(const json& output) {
  migration::labels labels;
  const auto found = output.find("labels");
  if (found == output.end())
    return labels;
  if (!found->is_object())
    return broken("the agent's output has `labels` that are not an object; expected one like "
                  R"({"owner": "group:default/film"})");
  for (const auto& [name, value] : found->items()) {
    if (!value.is_string())
      return broken("the agent's output has the label `" + clean_text(name, 100)
                    + "` that is not a string; write its value in quotes");
    labels[name] = value.get<std::string>();
  }
  return labels;
}

result read_output(const json& output) {
  if (!output.is_object())
    return broken("the agent's output is not a JSON object; print it as "
                  R"({"output": {...}})");
  auto text = dump_json(output);
  if (text.size() > output_bytes_max)
    return broken("the agent's output has " + std::to_string(text.size())
                  + " bytes, more than the 262144 that an output may have; write large results to "
                    "a file and name it in the output");
  auto labels = read_labels(output);
  if (!labels)
    return tl::unexpected{labels.error()};
  const auto hold = output.find("hold");
  if (hold != output.end() && !hold->is_string() && !hold->is_null())
    return broken("the agent's output has a `hold` that is not a string; expected the reason as "
                  "one sentence");
  const auto reason = hold != output.end() && hold->is_string() ? hold->get<std::string>() : "";
  return migration::success{std::move(text), std::move(*labels), reason};
}

bool looks_like_output(std::string_view line) {
  constexpr std::string_view key = "\"output\"";
  const auto after_brace = line.find_first_not_of(" \t", line.find('{') + 1);
  return after_brace != line.npos && line.substr(after_brace, key.size()) == key;
}

std::string message_of(const json& line) {
  const auto found = line.find("message");
  return found != line.end() && found->is_string() ? found->get<std::string>() : "";
}

} // namespace

std::variant<plain_line, progress_line, output_line> read_agent_line(std::string_view line) {
  const auto begin = line.find_first_not_of(" \t");
  if (begin == line.npos || line[begin] != '{')
    return plain_line{};
  const auto value = parse_json(line);
  if (!value && looks_like_output(line))
    return output_line{broken("the agent's output line is not valid JSON, nested deeper than 64 "
                              "levels, or longer than 1 MiB; print one JSON object on one line")};
  if (!value || !value->is_object())
    return plain_line{};
  if (const auto output = value->find("output"); output != value->end())
    return output_line{read_output(*output)};
  if (const auto share = value->find("progress"); share != value->end() && share->is_number())
    return progress_line{std::clamp(share->get<double>(), 0.0, 1.0), message_of(*value)};
  return plain_line{};
}

} // namespace skein::actors
