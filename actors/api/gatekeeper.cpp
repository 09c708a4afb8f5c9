#include "actors/api/gatekeeper.hpp"

#include "actors/json_text.hpp"

#include <algorithm>

namespace skein::actors {

namespace {

constexpr std::size_t text_bytes_max = 2048;
constexpr std::ptrdiff_t stars_max = 8;
constexpr std::string_view scheme = "Bearer ";

query_response unauthorized(const std::string& detail, const char* challenge) {
  auto answer = problem(401, detail);
  answer.headers.emplace_back("WWW-Authenticate", challenge);
  return answer;
}

bool same_letter(unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); }

bool starts_with_scheme(const std::string& header) {
  return header.size() > scheme.size()
         && std::equal(scheme.begin(), scheme.end(), header.begin(), same_letter);
}

/// A name that a web page of a stranger cannot have: else it could make its own name mean this
/// address and read what a browser here may read (DNS rebinding).
bool is_local_name(std::string host) {
  if (const auto end = host.rfind(':'); end != host.npos && host.find(']', end) == host.npos)
    host.resize(end);
  return host.empty() || host == "localhost" || host == "[::1]"
         || host.find_first_not_of("0123456789.") == host.npos;
}

bool is_clean(const std::string& text) {
  return text.size() <= text_bytes_max && clean_text(text, text_bytes_max) == text
         && text.find_first_of("\n\t") == text.npos;
}

} // namespace

tl::expected<caller, query_response> gatekeeper::by_token(const std::string& token) {
  constexpr auto* invalid = R"(Bearer realm="skein", error="invalid_token")";
  if (parts_.attempts != nullptr)
    if (auto attempt = parts_.attempts->find(token)) {
      if (!parts_.runs(*attempt))
        return tl::unexpected{unauthorized(
            "attempt " + attempt->text() + " is over, and its token no longer good", invalid)};
      return caller{"attempt " + attempt->text(), role::agent, std::move(attempt)};
    }
  if (parts_.tokens != nullptr)
    if (auto found = parts_.tokens->find(token))
      return *std::move(found);
  return tl::unexpected{unauthorized(
      "this token is not, or no longer, good; skein token create makes a new one", invalid)};
}

tl::expected<caller, query_response> gatekeeper::identify(const cluster::http_request& request) {
  const auto header = request.header("Authorization");
  if (starts_with_scheme(header))
    return by_token(header.substr(scheme.size()));
  constexpr auto* challenge = R"(Bearer realm="skein")";
  if (!header.empty())
    return tl::unexpected{
        unauthorized("the header Authorization must be: Bearer <token>", challenge)};
  if (!parts_.on_loopback || (parts_.tokens != nullptr && parts_.tokens->is_required()))
    return tl::unexpected{unauthorized("this needs a token, in the header Authorization: Bearer "
                                       "<token>; skein token create makes one",
                                       challenge)};
  if (!is_local_name(request.header("Host")))
    return tl::unexpected{problem(421, "'" + clean_text(request.header("Host"), 100)
                                           + "' is not a name of this server; ask for localhost, "
                                             "or give a token")};
  return caller{};
}

tl::expected<caller, query_response> gatekeeper::admit(const cluster::http_request& request,
                                                       const api_route& route) {
  if (route.to == access::open)
    return caller{"", role::viewer};
  auto who = identify(request);
  // Those who are not let in share a bucket by where they come from, so that nobody can try tokens
  // faster than others may ask.
  const auto client = who && !who->name.empty() ? who->name : "at " + request.remote;
  if (!limiter_.admit(client, std::chrono::steady_clock::now())) {
    auto answer = problem(429, "more than " + std::to_string(parts_.requests_per_second)
                                   + " requests a second; ask again later");
    answer.headers.emplace_back("Retry-After", "1");
    return tl::unexpected{std::move(answer)};
  }
  if (who && (route.may & of(who->may)) == 0)
    return tl::unexpected{problem(403, "the role " + std::string{to_string(who->may)}
                                           + " may not do this; see docs/api.md, Roles")};
  return who;
}

std::optional<query_response> check_texts(const cluster::http_request& request) {
  if (!is_clean(request.path))
    return problem(400, "the path must be UTF-8 of at most 2048 bytes, without control characters");
  for (const auto& [name, value] : request.query) {
    if (!is_clean(name) || !is_clean(value))
      return problem(400,
                     "the parameters must be UTF-8 of at most 2048 bytes each, without control "
                     "characters");
    if (std::count(value.begin(), value.end(), '*') > stars_max)
      return problem(400, "parameter '" + name + "' has more than " + std::to_string(stars_max)
                              + " stars");
  }
  return std::nullopt;
}

} // namespace skein::actors
