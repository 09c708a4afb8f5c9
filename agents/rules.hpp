#pragma once

#include "agents/metadata_client.hpp"
#include "config/contract.hpp"
#include "config/mapping.hpp"

#include <string>

namespace skein::agents {

/// Both contracts of a migration and the completed mapping between them.
struct migration_rules {
  config::contract before;
  config::contract after;
  config::mapping mapping;
  std::string sha256; ///< of the mapping's and the new contract's text
};

/// Fetches and checks them. A store that does not know one of them is a permanent trouble.
outcome<migration_rules> fetch_rules(const metadata_client&, const std::string& dataset,
                                     const std::string& from, const std::string& to);

outcome<config::contract> fetch_contract(const metadata_client&, const std::string& dataset,
                                         const std::string& version);

} // namespace skein::agents
