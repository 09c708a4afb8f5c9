#include "tools/skein/words.hpp"

#include "actors/api/point_in_time.hpp"

#include <array>
#include <cmath>
#include <fmt/format.h>
#include <map>
#include <nlohmann/json.hpp>

namespace skein::console {

namespace {

constexpr int64_t minute = 60, hour = 60 * minute, day = 24 * hour;

} // namespace

std::string duration_text(double seconds) {
  if (seconds < 0.095)
    return fmt::format("{:.0f} ms", std::max(seconds, 0.0) * 1e3);
  if (seconds < 10)
    return fmt::format("{:.1f} s", seconds);
  const auto whole = static_cast<int64_t>(std::min(seconds, 1e15));
  if (whole < minute)
    return fmt::format("{} s", whole);
  if (whole < hour)
    return fmt::format("{} m {:02} s", whole / minute, whole % minute);
  if (whole < day)
    return fmt::format("{} h {:02} m", whole / hour, whole % hour / minute);
  return fmt::format("{} d {} h", whole / day, whole % day / hour);
}

std::string bytes_text(double bytes) {
  constexpr std::array units{"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
  std::size_t unit = 0;
  for (; bytes >= 1024 && unit + 1 < units.size(); ++unit)
    bytes /= 1024;
  return fmt::format("{:.{}f} {}", bytes, unit > 0 && bytes < 10 ? 1 : 0, units[unit]);
}

std::string count_text(uint64_t count) {
  auto digits = std::to_string(count);
  for (auto at = static_cast<int>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<std::size_t>(at), ",");
  return digits;
}

std::string counted(uint64_t count, const std::string& one, const std::string& many) {
  return count_text(count) + " " + (count == 1 ? one : many);
}

std::string clock_text(const std::string& rfc3339) {
  return rfc3339.size() < 19 ? rfc3339 : rfc3339.substr(11, 8);
}

std::string age_text(const std::string& rfc3339, migration::timestamp now) {
  const auto at = actors::parse_rfc3339(rfc3339);
  if (!at)
    return rfc3339;
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now - *at).count();
  if (seconds < 2)
    return "just now";
  if (seconds < minute)
    return fmt::format("{} s ago", seconds);
  if (seconds < hour)
    return fmt::format("{} m ago", seconds / minute);
  if (seconds < 2 * day)
    return fmt::format("{} h ago", seconds / hour);
  return fmt::format("{} d ago", seconds / day);
}

style style_of(const std::string& word) {
  static const std::map<std::string, style> known{
      {"completed", style::good},  {"succeeded", style::good}, {"compatible", style::good},
      {"running", style::busy},    {"retrying", style::busy},  {"unknown", style::busy},
      {"held", style::bad},        {"parked", style::bad},     {"breaks", style::bad},
      {"quarantined", style::bad}, {"unreadable", style::bad}, {"cancelled", style::dim},
      {"rolled_back", style::dim}, {"waiting", style::dim},    {"attempt_failed", style::bad}};
  const auto found = known.find(word);
  return found == known.end() ? style::plain : found->second;
}

std::string text_of(const nlohmann::json& object, const char* member) {
  const auto found = object.find(member);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

double number_of(const nlohmann::json& object, const char* member) {
  const auto found = object.find(member);
  return found != object.end() && found->is_number() ? found->get<double>() : 0;
}

bool flag_of(const nlohmann::json& object, const char* member, bool otherwise) {
  const auto found = object.find(member);
  return found != object.end() && found->is_boolean() ? found->get<bool>() : otherwise;
}

const nlohmann::json& list_of(const nlohmann::json& object, const char* member) {
  static const auto nothing = nlohmann::json::array();
  const auto found = object.find(member);
  return found != object.end() && found->is_array() ? *found : nothing;
}

const nlohmann::json& object_of(const nlohmann::json& object, const char* member) {
  static const auto nothing = nlohmann::json::object();
  const auto found = object.find(member);
  return found != object.end() && found->is_object() ? *found : nothing;
}

std::string joined(const nlohmann::json& texts, const char* between) {
  std::string line;
  for (const auto& x : texts)
    if (x.is_string())
      line += (line.empty() ? "" : between) + x.get<std::string>();
  return line;
}

std::string shell_word(const std::string& text) {
  constexpr auto plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@%+=:,./_-";
  if (!text.empty() && text.find_first_not_of(plain) == text.npos)
    return text;
  std::string quoted = "'";
  for (char x : text)
    quoted += x == '\'' ? std::string{"'\\''"} : std::string{x};
  return quoted + "'";
}

migration::timestamp now() {
  return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
}

std::string phase_text(const nlohmann::json& migration) {
  return text_of(migration, "phase") + (migration.value("paused", false) ? ", paused" : "");
}

} // namespace skein::console
