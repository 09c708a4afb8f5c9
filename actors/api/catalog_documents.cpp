#include "actors/api/catalog_documents.hpp"

#include "actors/api/consumer_closure.hpp"
#include "actors/json_text.hpp"
#include "actors/metadata_documents.hpp"

#include <map>

namespace skein::actors::metadata {

using nlohmann::json;

namespace {

/// The owner's name and address; empty for one the catalog does not know.
json owner_of(const store::metadata_store& store, const json& of) {
  const auto owner = find(store, owner_kind, of.value("owner", ""));
  return owner && *owner ? (*owner)->value : json::object();
}

expected<std::vector<dataset_reader>> readers_in(const store::metadata_store& store,
                                                 const std::string& dataset) {
  const auto found = find(store, readers_kind, dataset);
  if (!found)
    return tl::unexpected{found.error()};
  std::vector<dataset_reader> readers;
  if (*found)
    for (const auto& x : (*found)->value)
      readers.push_back({x.value("ref", ""), x.value("dataset", "")});
  return readers;
}

json consumer_json(const json& owner, const json& consumer, const consumer_link& link) {
  const auto columns = consumer["columns"].find(link.via);
  return {{"ref", link.ref},
          {"name", consumer["name"]},
          {"type", consumer["type"]},
          {"owner", consumer["owner"]},
          {"owner_name", owner.value("name", "")},
          {"owner_email", owner.value("email", "")},
          {"criticality", consumer["criticality"]},
          {"depth", link.depth},
          {"via", link.via},
          {"columns", columns == consumer["columns"].end() ? json{} : *columns}};
}

} // namespace

expected<std::optional<found_document>> find(const store::metadata_store& store,
                                             std::string_view kind, const std::string& id) {
  auto kept = store.get(kind, id);
  if (!kept)
    return tl::unexpected{kept.error()};
  if (!*kept)
    return std::nullopt;
  auto value = parse_json((*kept)->bytes);
  if (!value)
    return fail("the " + std::string{kind} + " document of '" + id
                + "' in the metadata store is not JSON; import the catalog again");
  return found_document{*std::move(value), (*kept)->revision};
}

bool is_pending(const json& dataset) {
  return dataset["target_version"].is_string()
         && dataset["target_version"] != dataset["current_version"];
}

json dataset_json(const store::metadata_store& store, const found_document& from) {
  auto to = from.value;
  to.erase("written_back");
  to["owner_email"] = owner_of(store, to).value("email", "");
  to["pending"] = is_pending(to);
  to["revision"] = from.revision;
  return to;
}

expected<json> consumers_json(const store::metadata_store& store, const std::string& dataset,
                              uint32_t depth) {
  const auto links
      = consumers_of(dataset, depth, [&](const auto& name) { return readers_in(store, name); });
  if (!links)
    return tl::unexpected{links.error()};
  json rows = json::array();
  std::map<std::string, json> owners; // a few of them own most
  const auto known_owner_of = [&](const json& consumer) -> const json& {
    const auto [at, is_new] = owners.try_emplace(consumer.value("owner", ""));
    if (is_new)
      at->second = owner_of(store, consumer);
    return at->second;
  };
  for (const auto& link : *links) {
    const auto consumer = find(store, consumer_kind, link.ref);
    if (!consumer)
      return tl::unexpected{consumer.error()};
    if (*consumer) // an import that removes it may come between the two reads
      rows.push_back(consumer_json(known_owner_of((*consumer)->value), (*consumer)->value, link));
  }
  return rows;
}

} // namespace skein::actors::metadata
