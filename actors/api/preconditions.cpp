#include "actors/api/preconditions.hpp"

#include <charconv>

namespace skein::actors {

namespace {

std::string header_of(const query_response& from, const std::string& name) {
  for (const auto& [key, value] : from.headers)
    if (key == name)
      return value;
  return {};
}

/// Whether a list of tags names this one; a weak one is as good for reading.
bool names(const std::string& list, const std::string& tag) {
  if (list == "*")
    return true;
  for (std::size_t begin = 0; begin < list.size();) {
    const auto end = std::min(list.find(',', begin), list.size());
    auto each = list.substr(begin, end - begin);
    each.erase(0, each.find_first_not_of(" \t"));
    each.erase(each.find_last_not_of(" \t") + 1);
    if (each.starts_with("W/"))
      each.erase(0, 2);
    if (each == tag)
      return true;
    begin = end + 1;
  }
  return false;
}

} // namespace

tl::expected<std::optional<uint64_t>, query_response>
version_wanted(const cluster::http_request& request) {
  const auto text = request.header("If-Match");
  if (text.empty() || text == "*")
    return std::nullopt;
  uint64_t version = 0;
  const auto* end = text.data() + text.size() - 1;
  if (text.size() > 2 && text.front() == '"' && text.back() == '"') {
    const auto [stop, error] = std::from_chars(text.data() + 1, end, version);
    if (error == std::errc{} && stop == end)
      return version;
  }
  return tl::unexpected{problem(400, "the header If-Match must be one ETag as this server gives "
                                     "them, such as \"17\"")};
}

query_response has_changed(const std::string& migration, uint64_t version) {
  return tagged(problem(412, "migration '" + migration + "' has changed: its ETag is now \""
                                 + std::to_string(version) + "\"; look at it again"),
                version);
}

query_response unless_known(const cluster::http_request& request, query_response answer) {
  const auto tag = header_of(answer, "ETag");
  const auto known = request.header("If-None-Match");
  if (answer.status != 200 || tag.empty() || known.empty() || !names(known, tag))
    return answer;
  answer.status = 304;
  answer.body.clear();
  return answer;
}

} // namespace skein::actors
