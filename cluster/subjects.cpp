#include "cluster/subjects.hpp"

#include <algorithm>

namespace skein::cluster {

namespace {

using namespace std::chrono_literals;

constexpr std::string_view digits = "0123456789ABCDEF";

bool plain(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'
         || c == '-';
}

tl::unexpected<failure> no_token(std::string_view token) {
  return fail("\"" + std::string{token}
              + "\" is not an encoded name: expected letters, digits, _, "
                "- and =HH for other bytes; take the subject as its sender wrote it");
}

expected<std::string> with_token(std::string_view before, std::string_view name,
                                 std::string_view after = {}) {
  return encode_token(name).map(
      [&](const std::string& token) { return std::string{before} + token + std::string{after}; });
}

std::vector<std::string> without_repeats(std::vector<std::string> strings) {
  std::sort(strings.begin(), strings.end());
  strings.erase(std::unique(strings.begin(), strings.end()), strings.end());
  return strings;
}

} // namespace

expected<std::string> encode_token(std::string_view name) {
  if (name.empty())
    return fail("an empty name cannot be part of a NATS subject; give the dataset a name");
  std::string out;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (plain(c))
      out += c;
    else
      out.append({'=', digits[byte >> 4], digits[byte & 15]});
  }
  return out;
}

expected<std::string> decode_token(std::string_view token) {
  std::string out;
  for (std::size_t i = 0; i < token.size(); ++i) {
    if (plain(token[i])) {
      out += token[i];
      continue;
    }
    const auto high = i + 2 < token.size() ? digits.find(token[i + 1]) : digits.npos;
    const auto low = i + 2 < token.size() ? digits.find(token[i + 2]) : digits.npos;
    if (token[i] != '=' || high == digits.npos || low == digits.npos)
      return no_token(token);
    out += static_cast<char>(high << 4 | low);
    // A name has one token, so that equal names never have different subjects.
    if (plain(out.back()))
      return no_token(token);
    i += 2;
  }
  return out.empty() ? expected<std::string>{no_token(token)} : out;
}

namespace subjects {

expected<std::string> status(std::string_view dataset, std::string_view event) {
  return with_token("skein.v1.status.", dataset, "." + std::string{event});
}

expected<std::string> status_of(std::string_view dataset) {
  return with_token("skein.v1.status.", dataset, ".>");
}

expected<std::string> fleet_lease(std::string_view pool) {
  return with_token("skein.v1.fleet.", pool, ".lease");
}

expected<std::string> fleet_report(std::string_view pool) {
  return with_token("skein.v1.fleet.", pool, ".report");
}

expected<std::string> fleet_heartbeat(std::string_view pool) {
  return with_token("skein.v1.fleet.", pool, ".heartbeat");
}

expected<std::string> notify(std::string_view channel) {
  return with_token("skein.v1.notify.", channel);
}

expected<std::string> told(std::string_view owner) { return with_token("skein.v1.told.", owner); }

expected<std::string> agent_log(std::string_view agent) {
  return with_token("skein.v1.agents.", agent, ".log");
}

} // namespace subjects

namespace streams {

std::vector<stream_config> all(const std::vector<std::string>& action_subjects) {
  return {
      // A full queue must refuse: forgetting an action would lose work that no log knows of.
      {.name = actions,
       .subjects = without_repeats(action_subjects),
       .retention = retention_policy::work_queue,
       .max_bytes = 1 << 30,
       .discard = discard_policy::newest},
      {.name = status,
       .subjects = {subjects::status_all},
       .max_age = 7 * 24h,
       .duplicate_window = 1h,
       .max_bytes = 1 << 30},
      {.name = notify,
       .subjects = {subjects::notify_all},
       .retention = retention_policy::work_queue,
       .duplicate_window = 1h,
       .max_bytes = 256 << 20,
       .discard = discard_policy::newest},
      {.name = told,
       .subjects = {subjects::told_all},
       .max_age = 30 * 24h,
       .duplicate_window = 24h,
       .max_bytes = 256 << 20},
      {.name = audit, .subjects = {subjects::audit_head}, .max_bytes = 64 << 20},
      {.name = dead_letters, .subjects = {"skein.v1.dead_letter.>"}, .max_bytes = 256 << 20},
  };
}

} // namespace streams

} // namespace skein::cluster
