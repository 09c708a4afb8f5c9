#pragma once

#include "store/signing_key.hpp"
#include "tools/skein/command.hpp"

#include <string>
#include <vector>

/// Heads and keys as people give them on the command line.
namespace skein::console {

struct given_head {
  std::string note; ///< store::parse_head reads it
  std::string from; ///< for messages: "head 3 in noted"
};

/// The heads in a text, or in the file of that name.
expected<std::vector<given_head>> heads_in(const std::string& given);

outcome<std::vector<store::verifying_key>> keys_in(const std::vector<std::string>& texts);

} // namespace skein::console
