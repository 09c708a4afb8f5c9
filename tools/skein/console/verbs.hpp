#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace skein::console::screen {

/// What is typed besides the migration.
enum class takes : uint8_t { nothing, step, step_and_input, number };

/// An order that an operator may give. A line in the table of verbs.cpp makes one: its key, its
/// `:` command, its prompt and its line in the help come from there.
struct verb {
  const char* order; ///< its `:` command
  const char* path;  ///< the last part of its path
  char key;          ///< 0: none
  bool of_one;       ///< of the migration that is chosen; else of the whole
  const char* asks;  ///< the prompt for the reason, before the migration's id
  const char* does;  ///< for the help
  takes more = takes::nothing;
};

struct verb_table {
  const verb* first;
  const verb* last;
  const verb* begin() const { return first; }
  const verb* end() const { return last; }
};

verb_table verbs();

/// Null if there is none.
const verb* verb_of_key(const std::string& key);
const verb* verb_of_order(std::string_view order);

/// Where the order goes.
std::string path_of(const verb&, const std::string& migration);

} // namespace skein::console::screen
