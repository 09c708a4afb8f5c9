#include "actors/api/router.hpp"

namespace skein::actors {

namespace {

/// From here on; a placeholder takes as much as leaves the rest a fit, from the shortest on.
bool fit_from(std::string_view pattern, std::string_view path, std::vector<std::string>& at) {
  const auto open = pattern.find('{');
  if (open == pattern.npos)
    return pattern == path;
  if (path.substr(0, open) != pattern.substr(0, open))
    return false;
  const auto rest = pattern.substr(pattern.find('}', open) + 1);
  const auto text = path.substr(open);
  if (rest.empty()) {
    at.emplace_back(text);
    return !text.empty();
  }
  for (std::size_t length = 1; length <= text.size(); ++length) {
    at.emplace_back(text.substr(0, length));
    if (fit_from(rest, text.substr(length), at))
      return true;
    at.pop_back();
  }
  return false;
}

} // namespace

std::optional<std::vector<std::string>> fit(std::string_view pattern, std::string_view path) {
  std::vector<std::string> at;
  return fit_from(pattern, path, at) ? std::optional{std::move(at)} : std::nullopt;
}

api_routes::found api_routes::find(const std::string& method, const std::string& path) const {
  found result;
  const auto wanted = method == "HEAD" ? std::string{"GET"} : method;
  std::string pattern; // of the first fit: others that fit less closely are not asked
  for (const auto& route : all_) {
    if (!pattern.empty() && route.pattern != pattern)
      continue;
    auto at = fit(route.pattern, path);
    if (!at)
      continue;
    pattern = route.pattern;
    result.allowed += (result.allowed.empty() ? "" : ", ") + route.method;
    if (route.method == "GET")
      result.allowed += ", HEAD";
    if (route.method == wanted) {
      result.route = &route;
      result.at = *std::move(at);
    }
  }
  return result;
}

} // namespace skein::actors
