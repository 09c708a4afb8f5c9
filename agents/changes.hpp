#pragma once

#include "config/contract.hpp"
#include "config/mapping.hpp"

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace skein::agents {

/// What becomes of a column from one contract to the next.
enum class change_kind : uint8_t {
  renamed,   ///< same values, new name
  cast,      ///< same values in another type, perhaps under a new name
  computed,  ///< an old column's values live on only inside a computed column
  dropped,   ///< an old column goes away
  added,     ///< a new column that is not an old one carried over
  undecided, ///< a human has to say
};

/// One line of "what changed", for people: mails, the console, the portal. Columns that stay as
/// they are have no line.
struct change {
  change_kind kind;
  std::string column; ///< the old name; of an added or undecided column, the new one
  std::string to;     ///< the new name, or names; empty for dropped, added and undecided
  std::string detail; ///< one clause: types, expression, constant, question

  bool operator==(const change&) const = default;
};

/// Every change between two contracts by a completed mapping (`config::complete`): first the old
/// columns in their order, then the new ones. Pure.
std::vector<change> changes_between(const config::contract& before,
                                    const config::mapping& completed,
                                    const config::contract& after);

const char* to_string(change_kind) noexcept;

/// `{"column", "change", "to"?, "detail"}`
nlohmann::json to_json(const change&);
nlohmann::json to_json(const std::vector<change>&);

/// `"name"`, as people read it in a sentence.
std::string in_quotes(const std::string& name);

} // namespace skein::agents
