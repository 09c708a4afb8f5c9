#pragma once

#include "actors/api/query_response.hpp"
#include "store/metadata_store.hpp"

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

namespace skein::actors {

/// The metadata API over the embedded store, exactly as docs/metadata-api.md has it, so that agents
/// and scanners need not know whether a site has a metadata store of its own.
///
///   GET  /datasets?pending=true&limit=100&after=<id>
///   GET  /datasets/<id>
///   GET  /datasets/<id>/contracts/<version>          ODCS YAML
///   GET  /datasets/<id>/mappings/<from>..<to>        mapping YAML
///   GET  /datasets/<id>/consumers?depth=all|<n>
///   POST /datasets/<id>/version                      {"expected", "version", "by"}
///
/// Threads: any number at once. Two that write the same version back at once both succeed; of two
/// different ones the later gets a 409.
class metadata_api {
public:
  /// `store` must outlive it.
  explicit metadata_api(store::metadata_store& store) : store_{store} {}

  /// `path` is decoded, below the API's base, and has no query.
  query_response handle(const std::string& method, const std::string& path,
                        const query_parameters& query, const std::string& body);

  /// POST …/version. With a revision: only if the dataset still has it, else 412.
  query_response write_version(const std::string& dataset, const std::string& body,
                               std::optional<uint64_t> expected_revision = std::nullopt);

private:
  query_response list(const query_parameters& query) const;
  query_response consumers(const std::string& dataset, const query_parameters& query) const;

  store::metadata_store& store_;
};

} // namespace skein::actors
