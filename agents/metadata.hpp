#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What the metadata store says, as its API puts it (docs/metadata-api.md).
namespace skein::agents {

struct dataset {
  std::string id;
  std::string title;
  std::string owner; ///< `group:default/film`
  std::string owner_email;
  std::string criticality; ///< low, medium or high
  std::string current_version;
  std::string target_version; ///< empty: nothing pending
  bool pending = false;
  int64_t revision = 0; ///< grows with every change of the dataset's version

  bool operator==(const dataset&) const = default;
};

/// Whatever reads a dataset, directly (depth 1) or through other datasets.
struct consumer {
  std::string ref; ///< `component:default/film-api`
  std::string name;
  std::string type;
  std::string owner;
  std::string owner_name;
  std::string owner_email;
  std::string criticality;
  uint32_t depth = 1;
  std::string via;                                 ///< the dataset on the path that it reads itself
  std::optional<std::vector<std::string>> columns; ///< of `via`; nullopt: not declared

  bool operator==(const consumer&) const = default;
};

} // namespace skein::agents
