#include "actors/expansion.hpp"

namespace skein::actors {

namespace {

expected<std::string> value_of(std::string_view reference, const variable_lookup& find) {
  const auto separator = reference.find(":-");
  const auto name = reference.substr(0, separator);
  const auto* value = find(name);
  if (separator != reference.npos && (!value || value->empty()))
    return std::string{reference.substr(separator + 2)};
  if (!value)
    return fail("uses ${" + std::string{name}
                + "}, which neither the attempt's environment nor the worker's own has; correct "
                  "the name, set it in the agent's `env`, or start the worker with it");
  return *value;
}

} // namespace

expected<std::string> expand(std::string_view text, const variable_lookup& find) {
  std::string out;
  for (;;) {
    const auto open = text.find("${");
    if (open == text.npos)
      return out.append(text);
    if (open > 0 && text[open - 1] == '$') {
      out.append(text.substr(0, open - 1)).append("${");
      text.remove_prefix(open + 2);
      continue;
    }
    const auto close = text.find('}', open);
    if (close == text.npos)
      return fail("has a `${` without its `}`; close it, or write `$${` for a literal `${`");
    auto value = value_of(text.substr(open + 2, close - open - 2), find);
    if (!value)
      return value;
    out.append(text.substr(0, open)).append(*value);
    text.remove_prefix(close + 1);
  }
}

} // namespace skein::actors
