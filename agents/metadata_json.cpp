#include "agents/metadata_json.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace skein::agents {

using nlohmann::json;

namespace {

/// Null and missing are the same: an empty text.
std::string text_of(const json& object, const char* key) {
  const auto at = object.find(key);
  return at == object.end() || at->is_null() ? std::string{} : at->get<std::string>();
}

dataset dataset_of(const json& x) {
  dataset out;
  out.id = x.at("id").get<std::string>();
  out.title = text_of(x, "title");
  out.owner = text_of(x, "owner");
  out.owner_email = text_of(x, "owner_email");
  out.criticality = text_of(x, "criticality");
  out.current_version = x.at("current_version").get<std::string>();
  out.target_version = text_of(x, "target_version");
  out.pending = x.value("pending", false);
  out.revision = x.value("revision", int64_t{0});
  return out;
}

consumer consumer_of(const json& x) {
  consumer out;
  out.ref = x.at("ref").get<std::string>();
  out.name = x.at("name").get<std::string>();
  out.type = text_of(x, "type");
  out.owner = text_of(x, "owner");
  out.owner_name = text_of(x, "owner_name");
  out.owner_email = text_of(x, "owner_email");
  out.criticality = text_of(x, "criticality");
  out.depth = x.value("depth", 1u);
  out.via = text_of(x, "via");
  if (const auto columns = x.find("columns"); columns != x.end() && !columns->is_null())
    out.columns = columns->get<std::vector<std::string>>();
  return out;
}

template <class T, class Read>
outcome<T> parsed(std::string_view body, Read read) {
  try {
    return read(json::parse(body));
  } catch (const json::exception& x) {
    return give_up(fmt::format("The metadata store's answer is not what docs/metadata-api.md says: "
                               "{}.",
                               x.what()));
  }
}

} // namespace

outcome<dataset> parse_dataset(std::string_view body) { return parsed<dataset>(body, dataset_of); }

outcome<dataset_page> parse_page(std::string_view body) {
  return parsed<dataset_page>(body, [](const json& x) {
    dataset_page page;
    for (const auto& item : x.at("datasets"))
      page.datasets.push_back(dataset_of(item));
    page.next = text_of(x, "next");
    return page;
  });
}

outcome<std::vector<consumer>> parse_consumers(std::string_view body) {
  return parsed<std::vector<consumer>>(body, [](const json& x) {
    std::vector<consumer> all;
    for (const auto& item : x.at("consumers"))
      all.push_back(consumer_of(item));
    return all;
  });
}

trouble trouble_of_response(int status, std::string_view body, const std::string& request) {
  const auto problem = json::parse(body, nullptr, false);
  const auto say = [&](const char* key) {
    const bool there = problem.is_object() && problem.contains(key) && problem[key].is_string();
    return there ? problem[key].get<std::string>() : std::string{};
  };
  auto reason = say("detail").empty() ? say("title") : say("detail");
  if (reason.empty())
    reason = "no reason given";
  const auto what = fmt::format("{} was answered with {}: {}", request, status, reason);
  if (status == 404)
    return {trouble_kind::not_found, what, {}};
  if (status == 409)
    return {trouble_kind::conflict, what, say("found")};
  const bool later = status >= 500 || status == 429 || status == 408;
  return {later ? trouble_kind::transient : trouble_kind::permanent, what, {}};
}

} // namespace skein::agents
