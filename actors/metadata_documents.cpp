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

json document_of(const config::owner_entity& from) {
  return {{"ref", from.ref}, {"name", from.name}, {"email", from.email}};
}

json document_of(const config::catalog::document& from) {
  return {{"text", from.text}, {"origin", from.origin}};
}

json shown_reader(const json& consumer, const json& owner, const std::string& dataset) {
  auto shown = consumer;
  const auto columns = consumer["columns"].find(dataset);
  shown["columns"] = columns == consumer["columns"].end() ? json{} : *columns;
  shown["owner_name"] = owner.value("name", "");
  shown["owner_email"] = owner.value("email", "");
  shown["via"] = dataset;
  return shown;
}

std::string versioned_id(std::string_view dataset, std::string_view versions) {
  return std::string{dataset} + "@" + std::string{versions};
}

} // namespace skein::actors::metadata
