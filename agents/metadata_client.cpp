#include "agents/metadata_client.hpp"

#include "agents/metadata_json.hpp"

#include <cstdlib>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace skein::agents {

namespace {

std::string without_trailing_slashes(std::string url) {
  while (!url.empty() && url.back() == '/')
    url.pop_back();
  return url;
}

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string{} : std::string{value};
}

std::string dataset_path(const std::string& id) { return "/datasets/" + percent_encoded(id); }

} // namespace

metadata_client::metadata_client(std::string base_url, std::chrono::milliseconds timeout)
    : base_{without_trailing_slashes(std::move(base_url))}, timeout_{timeout} {
  const auto api = without_trailing_slashes(environment("SKEIN_API"));
  if (api.empty() || !base_.starts_with(api + "/"))
    return; // whoever else is asked must not learn the token
  token_ = environment("SKEIN_TOKEN");
  tls_ = {environment("SKEIN_CA_FILE"), environment("SKEIN_CERTIFICATE_FILE"),
          environment("SKEIN_KEY_FILE")};
}

outcome<std::string> metadata_client::call(const std::string& method, const std::string& path,
                                           const std::string& body) const {
  if (base_.empty())
    return give_up("No metadata store is known; set METADATA_API to its URL.");
  const auto request = fmt::format("{} {}{}", method, base_, path);
  cluster::http_headers headers{{"Accept", "application/json"},
                                {"Content-Type", "application/json"}};
  if (!token_.empty())
    headers.emplace_back("Authorization", "Bearer " + token_);
  auto answer = cluster::http_call(method, base_ + path, body, headers, timeout_, tls_);
  if (!answer)
    return try_later(
        fmt::format("The metadata store did not answer {}: {}", request, answer.error().what));
  if (answer->status >= 200 && answer->status < 300)
    return std::move(answer->body);
  return tl::unexpected<trouble>{trouble_of_response(answer->status, answer->body, request)};
}

outcome<std::string> metadata_client::get(const std::string& path) const {
  return call("GET", path, {});
}

outcome<dataset_page> metadata_client::pending(const std::string& after, int limit) const {
  auto path = fmt::format("/datasets?pending=true&limit={}", limit);
  if (!after.empty())
    path += "&after=" + percent_encoded(after);
  return get(path).and_then([](const std::string& body) { return parse_page(body); });
}

outcome<dataset> metadata_client::find(const std::string& id) const {
  return get(dataset_path(id)).and_then([](const std::string& body) {
    return parse_dataset(body);
  });
}

outcome<std::string> metadata_client::contract(const std::string& id,
                                               const std::string& version) const {
  return get(dataset_path(id) + "/contracts/" + percent_encoded(version));
}

outcome<std::string> metadata_client::mapping(const std::string& id, const std::string& from,
                                              const std::string& to) const {
  return get(dataset_path(id) + "/mappings/" + percent_encoded(from + ".." + to));
}

outcome<std::vector<consumer>> metadata_client::consumers(const std::string& id) const {
  return get(dataset_path(id) + "/consumers?depth=all").and_then([](const std::string& body) {
    return parse_consumers(body);
  });
}

outcome<dataset> metadata_client::set_version(const std::string& id, const std::string& expected,
                                              const std::string& version,
                                              const std::string& by) const {
  const nlohmann::json body{{"expected", expected}, {"version", version}, {"by", by}};
  return call("POST", dataset_path(id) + "/version", body.dump())
      .and_then([](const std::string& answer) { return parse_dataset(answer); });
}

std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char x : text) {
    const bool plain = (x >= 'a' && x <= 'z') || (x >= 'A' && x <= 'Z') || (x >= '0' && x <= '9')
                       || x == '-' || x == '_' || x == '.' || x == '~';
    out += plain ? std::string(1, x) : fmt::format("%{:02X}", static_cast<unsigned char>(x));
  }
  return out;
}

} // namespace skein::agents
