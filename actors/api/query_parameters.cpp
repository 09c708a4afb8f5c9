#include "actors/api/query_parameters.hpp"

#include "events/overloaded.hpp"
#include "events/status.hpp"

#include <algorithm>
#include <charconv>
#include <fnmatch.h>

namespace skein::actors {

expected<void> check_known(const query_parameters& given,
                           const std::vector<std::string_view>& known) {
  for (const auto& [name, value] : given) {
    if (std::find(known.begin(), known.end(), name) != known.end())
      continue;
    std::string list;
    for (auto x : known)
      list += (list.empty() ? "" : ", ") + std::string{x};
    return fail("there is no parameter '" + name + "' here"
                + (list.empty() ? "" : "; there are: " + list));
  }
  return {};
}

std::string text_parameter(const query_parameters& given, const std::string& name) {
  const auto found = given.find(name);
  return found == given.end() ? std::string{} : found->second;
}

expected<uint64_t> number_parameter(const query_parameters& given, const std::string& name,
                                    uint64_t otherwise, uint64_t most) {
  const auto found = given.find(name);
  if (found == given.end())
    return otherwise;
  const auto& text = found->second;
  uint64_t value = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error == std::errc{} && stop == end && value <= most)
    return value;
  return fail("parameter '" + name + "' is '" + text + "', but must be a whole number"
              + (most == UINT64_MAX ? "" : " up to " + std::to_string(most)));
}

expected<uint64_t> limit_parameter(const query_parameters& given) {
  return number_parameter(given, "limit", 100, 1000);
}

expected<std::optional<point_in_time>>
moment_parameter(const query_parameters& given, const std::string& name, migration::timestamp now) {
  const auto text = text_parameter(given, name);
  if (text.empty())
    return std::nullopt;
  auto moment = parse_point_in_time(text, now);
  if (!moment)
    return fail("parameter '" + name + "': " + moment.error().what);
  return *moment;
}

std::string text_of(const point_in_time& at) {
  return std::visit(overloaded{[](uint64_t sequence) { return std::to_string(sequence); },
                               [](migration::timestamp moment) { return rfc3339(moment); }},
                    at);
}

std::vector<std::string> split_list(const std::string& list) {
  std::vector<std::string> result;
  for (std::size_t begin = 0; begin <= list.size() && !list.empty();) {
    const auto end = std::min(list.find(',', begin), list.size());
    result.push_back(list.substr(begin, end - begin));
    begin = end + 1;
  }
  return result;
}

expected<migration::labels> label_parameter(const query_parameters& given) {
  migration::labels found;
  const auto list = text_parameter(given, "label");
  for (const auto& each : split_list(list)) {
    const auto equals = each.find('=');
    if (equals == each.npos || equals == 0)
      return fail("parameter 'label' is '" + list
                  + "', but must be name=value, several with commas in between");
    found[each.substr(0, equals)] = each.substr(equals + 1);
  }
  return found;
}

bool matches(const std::string& pattern, const std::string& name) {
  return pattern.empty() || fnmatch(pattern.c_str(), name.c_str(), 0) == 0;
}

} // namespace skein::actors
