#include "config/yaml_reader.hpp"

#include "config/spelling.hpp"
#include "config/workspace.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace skein::config::yaml {

map_reader::map_reader(const node& from, report& out, std::string what,
                       std::initializer_list<const char*> known, unknown_keys policy)
    : from_{from}, out_{out}, what_{std::move(what)}, known_{known.begin(), known.end()} {
  if (is_map())
    check_keys(policy);
  else
    out_.add(from_.at, what_ + " must be a map of fields, not " + kind_name(from_));
}

void map_reader::check_keys(unknown_keys policy) const {
  for (const auto& x : from_.fields) {
    if (std::find(known_.begin(), known_.end(), x.key) != known_.end())
      continue;
    if (policy == unknown_keys::near_misses_refused && nearest(x.key, known_).empty())
      continue;
    out_.add(x.at, what_ + " has no field " + quote(x.key) + suggestion(x.key, known_));
  }
}

const node* map_reader::find(std::string_view key) const {
  const auto* found = from_.find(key);
  return found && found->value.what != node::kind::null ? &found->value : nullptr;
}

place map_reader::at(std::string_view key) const {
  const auto* found = from_.find(key);
  return found ? found->value.at : from_.at;
}

void map_reader::mistake(std::string_view key, std::string sentence) const {
  out_.add(at(key), std::move(sentence));
}

std::string map_reader::name_of(std::string_view key) const { return quote(key) + " of " + what_; }

std::string map_reader::text(std::string_view key, std::string fallback) const {
  const auto* x = find(key);
  return x ? text_of(*x, out_, name_of(key)).value_or(std::move(fallback)) : fallback;
}

std::string map_reader::required_text(std::string_view key) const {
  const auto* x = find(key);
  if (!x) {
    if (is_map())
      mistake(key, what_ + " needs a value for " + quote(key));
    return {};
  }
  auto result = text_of(*x, out_, name_of(key));
  if (result && trimmed(*result).empty())
    mistake(key, name_of(key) + " must not be empty");
  return result.value_or("");
}

bool map_reader::flag(std::string_view key, bool fallback) const {
  const auto* x = find(key);
  if (!x)
    return fallback;
  if (x->plain && (x->text == "true" || x->text == "True" || x->text == "TRUE"))
    return true;
  if (!x->plain || (x->text != "false" && x->text != "False" && x->text != "FALSE"))
    mistake(key, name_of(key) + " must be true or false");
  return false;
}

std::optional<double> map_reader::number(std::string_view key) const {
  const auto* x = find(key);
  if (!x)
    return {};
  auto result = number_of(*x);
  if (!result)
    mistake(key, name_of(key) + " must be a number");
  return result;
}

uint32_t map_reader::whole(std::string_view key, uint32_t fallback, uint32_t least) const {
  const auto* x = find(key);
  if (!x)
    return fallback;
  uint32_t value = 0;
  const auto* end = x->text.data() + x->text.size();
  auto [stop, fault] = std::from_chars(x->text.data(), end, value);
  if (x->plain && fault == std::errc{} && stop == end && value >= least)
    return value;
  mistake(key, name_of(key) + " must be a whole number from " + std::to_string(least)
                   + " to 4294967295");
  return fallback;
}

std::chrono::seconds map_reader::duration(std::string_view key,
                                          std::chrono::seconds fallback) const {
  const auto* x = find(key);
  if (!x)
    return fallback;
  auto parsed = parse_duration(text_of(*x, out_, name_of(key)).value_or("0"));
  if (!parsed)
    mistake(key, name_of(key) + ": " + parsed.error().what);
  return parsed.value_or(fallback);
}

uint64_t map_reader::size(std::string_view key, uint64_t fallback) const {
  const auto* x = find(key);
  if (!x)
    return fallback;
  auto parsed = parse_size(text_of(*x, out_, name_of(key)).value_or("0"));
  if (!parsed)
    mistake(key, name_of(key) + ": " + parsed.error().what);
  return parsed.value_or(fallback);
}

std::string map_reader::choice(std::string_view key, const std::vector<std::string>& allowed,
                               std::string fallback) const {
  auto value = text(key, fallback);
  if (std::find(allowed.begin(), allowed.end(), value) != allowed.end())
    return value;
  mistake(key, name_of(key) + " cannot be " + quote(value) + suggestion(value, allowed));
  return fallback;
}

std::vector<std::string> map_reader::texts(std::string_view key) const {
  const auto* x = find(key);
  if (!x)
    return {};
  std::vector<std::string> result;
  if (x->what != node::kind::list) {
    result.push_back(text_of(*x, out_, name_of(key)).value_or(""));
    return result;
  }
  for (const auto& item : x->items)
    result.push_back(text_of(item, out_, "each item of " + name_of(key)).value_or(""));
  return result;
}

const std::vector<node>& map_reader::list(std::string_view key) const {
  static const std::vector<node> none;
  const auto* x = find(key);
  if (!x)
    return none;
  if (x->what != node::kind::list)
    mistake(key, name_of(key) + " must be a list, not " + kind_name(*x));
  return x->items;
}

const node* map_reader::map(std::string_view key) const {
  const auto* x = find(key);
  if (!x || x->what == node::kind::map)
    return x;
  mistake(key, name_of(key) + " must be a map of fields, not " + kind_name(*x));
  return nullptr;
}

std::optional<std::string> text_of(const node& x, report& out, const std::string& what) {
  if (x.what == node::kind::scalar)
    return x.text;
  out.add(x.at, what + " must be text, not " + kind_name(x));
  return {};
}

std::optional<double> number_of(const node& x) {
  double value = 0;
  const auto* end = x.text.data() + x.text.size();
  auto [stop, fault] = std::from_chars(x.text.data(), end, value);
  if (!x.plain || fault != std::errc{} || stop != end || !std::isfinite(value))
    return {};
  return value;
}

const char* kind_name(const node& x) {
  switch (x.what) {
    case node::kind::null: return "nothing";
    case node::kind::scalar: return "text";
    case node::kind::list: return "a list";
    case node::kind::map: return "a map";
  }
  return "nothing";
}

} // namespace skein::config::yaml
