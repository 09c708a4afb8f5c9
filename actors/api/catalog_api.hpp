#pragma once

#include "actors/api/query_response.hpp"
#include "store/metadata_store.hpp"

#include <string>

namespace skein::actors {

/// The catalog's half of the HTTP API, over the embedded metadata store.
///
///   /v1/datasets          ?dataset=<glob> &owner= &criticality= &pending=true|false
///                         &limit=100 &after=<id>
///   /v1/datasets/<id>     with the versions that there are contracts for, and the mappings
///   /v1/owners            ?limit=100 &after=<ref>
///   /v1/owners/<ref>
///
/// Threads: any number at once.
class catalog_api {
public:
  /// `store` must outlive it.
  explicit catalog_api(const store::metadata_store& store) : store_{store} {}

  query_response datasets(const query_parameters&) const;
  query_response dataset(const std::string& id, const query_parameters&) const;
  query_response owners(const query_parameters&) const;
  query_response owner(const std::string& ref, const query_parameters&) const;

private:
  const store::metadata_store& store_;
};

} // namespace skein::actors
