#include "tools/skein/source.hpp"

#include "cluster/http_client.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace skein::console {

namespace {

/// RFC 3986, section 2.3: what needs no percent sign anywhere. `kept` is what is left as it is
/// beside that.
std::string percent_encode(const std::string& text, std::string_view kept) {
  std::string result;
  for (const char x : text) {
    const bool plain = (x >= 'a' && x <= 'z') || (x >= 'A' && x <= 'Z') || (x >= '0' && x <= '9')
                       || std::string_view{"-._~"}.find(x) != std::string_view::npos
                       || kept.find(x) != kept.npos;
    result += plain ? std::string{x} : fmt::format("%{:02X}", static_cast<unsigned char>(x));
  }
  return result;
}

std::string url_of(const daemon& at, const std::string& path, const parameters& query) {
  auto url = at.http + percent_encode(path, "/@:");
  char between = '?';
  for (const auto& [name, value] : query) {
    url += between + name + "=" + percent_encode(value, "");
    between = '&';
  }
  return url;
}

cluster::tls_files tls_of(const daemon& at) { return {at.ca, at.certificate, at.key}; }

void add_token(const daemon& at, cluster::http_headers& to) {
  if (!at.token.empty())
    to.emplace_back("Authorization", "Bearer " + at.token);
}

outcome<std::string> call(const daemon& at, const std::string& method, const std::string& url,
                          const std::string& body, cluster::http_headers headers,
                          const call_limits& limits) {
  add_token(at, headers);
  auto answer = cluster::http_call(method, url, body, headers, limits.patience, tls_of(at),
                                   limits.given_up);
  if (!answer)
    return give_up(exit_code::no_daemon,
                   described(at) + " does not answer: " + answer.error().what);
  if (answer->status < 200 || answer->status > 299)
    return tl::unexpected{trouble_of(answer->status, answer->body)};
  return std::move(answer->body);
}

class live_source final : public source {
public:
  live_source(daemon at, const call_limits& limits) : at_{std::move(at)}, limits_{limits} {}

  outcome<std::string> get(const std::string& path, const parameters& query) override {
    return call(at_, "GET", url_of(at_, path, query), {}, {}, limits_);
  }
  bool is_live() const override { return true; }

private:
  daemon at_;
  call_limits limits_;
};

} // namespace

std::unique_ptr<source> daemon_source(const daemon& at, const call_limits& limits) {
  return std::make_unique<live_source>(at, limits);
}

expected<cluster::http_response> call_daemon(const daemon& at, const std::string& path,
                                             std::chrono::milliseconds patience) {
  cluster::http_headers headers;
  add_token(at, headers);
  return cluster::http_call("GET", url_of(at, path, {}), {}, headers, patience, tls_of(at));
}

std::string described(const daemon& at) {
  return at.pid == 0 ? "skeind at " + at.http : "skeind (process " + std::to_string(at.pid) + ")";
}

outcome<nlohmann::json> post_json(const daemon& at, const std::string& path,
                                  const nlohmann::json& body, const call_limits& limits,
                                  const parameters& query) {
  auto answer = call(at, "POST", url_of(at, path, query), body.dump(),
                     {{"Content-Type", "application/json"}}, limits);
  if (!answer)
    return tl::unexpected{answer.error()};
  auto parsed = nlohmann::json::parse(*answer, nullptr, false);
  return parsed.is_object() ? parsed : nlohmann::json::object();
}

cluster::event_source_options live_events(const daemon& at) {
  cluster::event_source_options result{.url = url_of(at, "/v1/events", {}), .tls = tls_of(at)};
  add_token(at, result.headers);
  return result;
}

} // namespace skein::console
