#pragma once

#include "config/yaml.hpp"

#include <chrono>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace skein::config::yaml {

/// What to do with a key that is not among the known ones.
enum class unknown_keys : uint8_t {
  refused,
  /// Formats that others may extend: refused only when it looks like a known key mistyped.
  near_misses_refused,
};

/// Reads a map key by key. What is wrong goes into the report and reading goes on with a default,
/// so that one pass finds every mistake; whoever reads checks `report::clean()` at the end.
class map_reader {
public:
  /// `what` names the map in messages: `the agent`, `the schedule`.
  map_reader(const node& from, report& out, std::string what,
             std::initializer_list<const char*> known, unknown_keys = unknown_keys::refused);

  bool is_map() const { return from_.what == node::kind::map; }
  bool has(std::string_view key) const { return from_.find(key) != nullptr; }

  /// The value of a key; null when the key is absent or has no value.
  const node* find(std::string_view key) const;

  /// Where the key's value stands, or the map when it is absent.
  place at(std::string_view key) const;
  place at() const { return from_.at; }

  std::string text(std::string_view key, std::string fallback = {}) const;
  std::string required_text(std::string_view key) const;
  bool flag(std::string_view key, bool fallback) const;
  uint32_t whole(std::string_view key, uint32_t fallback, uint32_t least = 0) const;
  std::optional<double> number(std::string_view key) const;
  std::chrono::seconds duration(std::string_view key, std::chrono::seconds fallback) const;
  uint64_t size(std::string_view key, uint64_t fallback) const;

  /// One of `allowed`; `fallback` when absent.
  std::string choice(std::string_view key, const std::vector<std::string>& allowed,
                     std::string fallback) const;

  /// A list of texts, or one text alone.
  std::vector<std::string> texts(std::string_view key) const;

  /// The items of a list; none when absent.
  const std::vector<node>& list(std::string_view key) const;

  /// A nested map; null when absent or not a map (which is reported).
  const node* map(std::string_view key) const;

  void mistake(std::string_view key, std::string sentence) const;
  std::string name_of(std::string_view key) const;

  report& out() const { return out_; }

private:
  void check_keys(unknown_keys) const;

  const node& from_;
  report& out_;
  std::string what_;
  std::vector<std::string> known_;
};

/// A scalar's text; reports and answers nothing for a list, a map or no value.
std::optional<std::string> text_of(const node&, report&, const std::string& what);

/// A YAML 1.2 number written without quotes.
std::optional<double> number_of(const node&);

/// `a list`, `a map`, `text` or `nothing`.
const char* kind_name(const node&);

} // namespace skein::config::yaml
