#pragma once

#include "config/checked.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

/// YAML 1.2 text as a tree that remembers where everything stands. Internal to config/.
namespace skein::config::yaml {

/// A position in a file; both count from 1, columns in bytes.
struct place {
  int line = 1;
  int column = 1;
};

/// The mistakes found in one file.
class report {
public:
  explicit report(std::string origin) : origin_{std::move(origin)} {}

  void add(place at, std::string sentence);

  /// `file:line:column`.
  std::string at(place) const;

  const std::string& origin() const { return origin_; }
  bool clean() const { return found_.empty(); }

  /// All sentences, each begun with its `file:line:column: `, in the order of the file.
  std::vector<failure> take();

private:
  std::string origin_;
  std::vector<std::tuple<int, int, std::string>> found_;
  bool more_ = false;
};

struct field;

/// One value. Aliases are already replaced by what they stand for.
struct node {
  enum class kind : uint8_t { null, scalar, list, map };

  kind what = kind::null;
  bool plain = false; ///< a scalar without quotes: it may be a number or a boolean
  place at;
  std::string text;
  std::vector<node> items;
  std::vector<field> fields;

  const field* find(std::string_view key) const;
};

struct field {
  std::string key;
  place at;
  node value;
};

/// Limits on one file. An alias counts as often as it is used.
inline constexpr std::size_t max_file_bytes = 4u << 20;
inline constexpr std::size_t max_tree_bytes = 64u << 20;
inline constexpr std::size_t max_depth = 64;

/// The documents of a file; empty ones are left out. What is wrong with it goes into the report:
/// bad UTF-8, control characters, bad syntax, a key used twice, a limit crossed. After bad syntax
/// the documents before it are still returned.
std::vector<node> parse(std::string_view text, report&);

} // namespace skein::config::yaml
