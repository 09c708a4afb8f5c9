#include "actors/metadata_documents.hpp"

#include <nlohmann/json.hpp>

namespace skein::actors::metadata {

using nlohmann::json;

json document_of(const config::dataset_entity& from) {
  return {{"id", from.id},
          {"title", from.title},
          {"owner", from.owner},
          {"criticality", from.criticality},
          {"current_version", from.current_version},
          {"target_version", from.target_version.empty() ? json{} : json(from.target_version)},
          {"written_back", false}};
}

json document_of(const config::consumer_entity& from) {
  return {{"ref", from.ref},
          {"name", from.name},
          {"type", from.type},
          {"owner", from.owner},
          {"criticality", from.criticality},
          {"columns", from.columns}};
}

json reader_of(const json& consumer, const std::string& dataset) {
  auto reader = consumer;
  const auto columns = consumer["columns"].find(dataset);
  reader["columns"] = columns == consumer["columns"].end() ? json{} : *columns;
  return reader;
}

json document_of(const config::owner_entity& from) {
  return {{"ref", from.ref}, {"name", from.name}, {"email", from.email}};
}

json document_of(const config::catalog::document& from) {
  return {{"text", from.text}, {"origin", from.origin}};
}

std::string versioned_id(std::string_view dataset, std::string_view versions) {
  return std::string{dataset} + "@" + std::string{versions};
}

} // namespace skein::actors::metadata
