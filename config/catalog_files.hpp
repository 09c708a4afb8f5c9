#pragma once

#include "config/catalog.hpp"
#include "config/contract.hpp"
#include "config/entity.hpp"
#include "config/mapping.hpp"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// What the files of a catalog say, each file read by itself. Internal to config/.
namespace skein::config {

/// (dataset, version), or (dataset, "v1..v2").
using document_key = std::pair<std::string, std::string>;

/// A contract or mapping that says what it is for; `value` only when it has no mistake.
template <class T>
struct loaded {
  std::optional<T> value;
  catalog::document document;
};

struct catalog_files {
  std::vector<entity> entities;
  std::map<document_key, loaded<contract>> contracts;
  std::map<document_key, loaded<mapping>> mappings;
  bool all_named = true; ///< false: some file was too broken to tell what it is for
};

catalog_files read_catalog_files(const catalog_paths&, std::vector<failure>& mistakes);

} // namespace skein::config
