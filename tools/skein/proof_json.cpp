#include "tools/skein/proof.hpp"

#include "events/status.hpp"
#include "store/encodings.hpp"

#include <nlohmann/json.hpp>

namespace skein::console {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr auto format = "skein audit proof 1";

ordered_json json_of_event(const proved_event& x) {
  auto path = json::array();
  for (const auto& hash : x.path)
    path.push_back(store::base64(hash));
  ordered_json one{{"sequence", x.sequence}, {"record", store::base64(x.record)}, {"path", path}};
  // For people: what counts is the record.
  if (const auto readable = decode_record(x.record))
    one["readable"] = json::parse(status_json(x.sequence, *readable), nullptr, false);
  return one;
}

tl::unexpected<failure> malformed(const std::string& why) {
  return fail("this is no proof that `skein audit prove` wrote: " + why);
}

expected<std::string> text_in(const json& from, const char* member) {
  const auto found = from.find(member);
  if (found == from.end() || !found->is_string())
    return malformed("it has no text \"" + std::string{member} + "\"");
  return found->get<std::string>();
}

expected<store::merkle::path> path_in(const json& from) {
  const auto found = from.find("path");
  if (found == from.end() || !found->is_array())
    return malformed("an event has no list \"path\"");
  store::merkle::path path;
  for (const auto& each : *found) {
    const auto hash
        = each.is_string() ? store::digest_from_base64(each.get<std::string>()) : std::nullopt;
    if (!hash)
      return malformed("a path holds what is no SHA-256 hash in base64");
    path.push_back(*hash);
  }
  return path;
}

expected<proved_event> event_in(const json& from) {
  const auto sequence = from.is_object() ? from.find("sequence") : from.end();
  if (!from.is_object() || sequence == from.end() || !sequence->is_number_unsigned())
    return malformed("an event has no number \"sequence\"");
  const auto text = text_in(from, "record");
  if (!text)
    return tl::unexpected{text.error()};
  auto bytes = store::from_base64(*text);
  if (!bytes)
    return malformed("a record is not base64");
  return path_in(from).map([&](store::merkle::path path) {
    return proved_event{sequence->get<uint64_t>(), std::move(*bytes), std::move(path)};
  });
}

} // namespace

ordered_json json_of(const proof& x) {
  auto events = ordered_json::array();
  for (const auto& each : x.events)
    events.push_back(json_of_event(each));
  return {{"format", format},
          {"migration", x.migration},
          {"head", x.head},
          {"key", x.key},
          {"events", std::move(events)}};
}

expected<proof> proof_in(std::string_view text) {
  const auto from = json::parse(text, nullptr, false);
  if (!from.is_object())
    return malformed("it is no JSON object");
  proof result;
  const auto said = text_in(from, "format");
  if (!said || *said != format)
    return malformed("its format is not \"" + std::string{format} + "\"");
  for (const auto& [member, to] :
       {std::pair{"migration", &result.migration}, std::pair{"head", &result.head},
        std::pair{"key", &result.key}}) {
    auto found = text_in(from, member);
    if (!found)
      return tl::unexpected{found.error()};
    *to = std::move(*found);
  }
  const auto events = from.find("events");
  if (events == from.end() || !events->is_array())
    return malformed("it has no list \"events\"");
  for (const auto& each : *events) {
    auto one = event_in(each);
    if (!one)
      return tl::unexpected{one.error()};
    result.events.push_back(std::move(*one));
  }
  return result;
}

} // namespace skein::console
