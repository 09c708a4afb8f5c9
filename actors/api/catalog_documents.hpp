#pragma once

#include "events/failure.hpp"
#include "store/metadata_store.hpp"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

/// The catalog's documents as both the metadata API and the HTTP API show them.
namespace skein::actors::metadata {

/// A document and its revision, as JSON; nothing if there is none.
struct found_document {
  nlohmann::json value;
  uint64_t revision = 0;
};

expected<std::optional<found_document>> find(const store::metadata_store& store,
                                             std::string_view kind, const std::string& id);

/// Whether the dataset is to be migrated.
bool is_pending(const nlohmann::json& dataset);

nlohmann::json dataset_json(const store::metadata_store& store, const found_document& from);

/// All who read the dataset, also through others, as docs/metadata-api.md has them: the text of an
/// array, put together of texts, since thousands of rows as JSON values cost more than finding
/// them.
expected<std::string> consumers_json(const store::metadata_store& store, const std::string& dataset,
                                     uint32_t depth);

} // namespace skein::actors::metadata
