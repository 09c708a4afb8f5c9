#pragma once

#include "config/checked.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace skein::config {

/// A reference between Backstage entities, always full and spelled as the entity itself spells its
/// name: `resource:default/movies`. (In files they may be short: the kind defaults by field, the
/// namespace to that of the entity that refers.)
using entity_ref = std::string;

/// A dataset: a Backstage `Resource` with `spec.type: dataset`. Its id is `metadata.name`.
/// Versions are annotations: `skein.io/current-version` and `skein.io/target-version`.
struct dataset_entity {
  std::string id;
  std::string title;
  entity_ref owner;
  std::string criticality; ///< label `criticality`: low, medium (default) or high
  std::string current_version;
  std::string target_version;    ///< empty: nothing pending
  std::vector<entity_ref> reads; ///< `spec.dependsOn`: datasets it is made from
  entity_ref ref;
};

/// Whatever depends on something: a `Component`, a dataset or another `Resource`. The columns it
/// reads of dataset `movies` are in annotation `skein.io/reads.movies`, separated by commas; none:
/// unknown.
struct consumer_entity {
  entity_ref ref;
  std::string name;
  std::string type; ///< `spec.type`: service, pipeline, …; `dataset` for a dataset
  entity_ref owner;
  std::string criticality;
  std::vector<entity_ref> depends_on;                      ///< datasets and others
  std::map<std::string, std::vector<std::string>> columns; ///< dataset id to columns read
};

/// Who owns: a `Group` or `User`; mail goes to `spec.profile.email`. The channels that it wants to
/// be told on, instead of the workspace's, are in annotation `skein.io/channels`, separated by
/// commas.
struct owner_entity {
  entity_ref ref;
  std::string name;
  std::string email;
  std::vector<std::string> channels = {};
  std::string channels_origin = {}; ///< `file:line:column` of the annotation
};

/// Everything a workspace folder says about datasets, cross-checked: every reference resolves,
/// every dataset has a contract for its current version and, when something is pending, one for
/// the target version, in a folder of its own, and the mapping between them.
struct catalog {
  struct document {
    std::string text; ///< the file as it stands, served to agents
    std::string origin;
  };
  std::vector<dataset_entity> datasets;
  std::vector<consumer_entity> consumers; ///< datasets that read datasets are listed here too
  std::vector<owner_entity> owners;
  std::map<std::pair<std::string, std::string>, document> contracts; ///< (dataset, version)
  std::map<std::pair<std::string, std::string>, document> mappings;  ///< (dataset, "v1..v2")
};

struct catalog_paths {
  std::filesystem::path entities;  ///< Backstage entity files, any depth, several documents a file
  std::filesystem::path contracts; ///< ODCS files, any depth
  std::filesystem::path mappings;  ///< mapping files, any depth
};

/// Loads and checks a whole catalog. Fails with every mistake found, one sentence a line, each
/// with its file, line and column: nothing is half-loaded.
checked<catalog> load_catalog(const catalog_paths& paths);

} // namespace skein::config
