#include "actors/api/catalog_documents.hpp"

#include "actors/api/consumer_closure.hpp"
#include "actors/json_text.hpp"
#include "actors/metadata_documents.hpp"

#include <map>

namespace skein::actors::metadata {

using nlohmann::json;

namespace {

failure damage_of(std::string_view kind, const std::string& id) {
  return {"the " + std::string{kind} + " document of '" + id
          + "' in the metadata store is not JSON; import the catalog again"};
}

/// The owner's name and address; empty for one the catalog does not know.
json owner_of(const store::metadata_store& store, const json& of) {
  const auto owner = find(store, owner_kind, of.value("owner", ""));
  return owner && *owner ? (*owner)->value : json::object();
}

/// The documents of a kind with those ids, in their order; null for one that is not there.
expected<std::vector<json>> find_all(const store::metadata_store& store, std::string_view kind,
                                     const std::vector<std::string>& ids) {
  const auto kept = store.get_all(kind, ids);
  if (!kept)
    return tl::unexpected{kept.error()};
  std::vector<json> found(ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (!(*kept)[i])
      continue;
    auto value = parse_json((*kept)[i]->bytes);
    if (!value)
      return tl::unexpected{damage_of(kind, ids[i])};
    found[i] = *std::move(value);
  }
  return found;
}

std::string take(json& from, const char* name) {
  const auto found = from.find(name);
  if (found == from.end())
    return {};
  auto text = std::move(found->get_ref<std::string&>());
  from.erase(found);
  return text;
}

expected<std::vector<std::vector<dataset_reader>>>
readers_in(const store::metadata_store& store, const std::vector<std::string>& datasets) {
  auto found = find_all(store, readers_kind, datasets);
  if (!found)
    return tl::unexpected{found.error()};
  std::vector<std::vector<dataset_reader>> readers(datasets.size());
  for (std::size_t i = 0; i < datasets.size(); ++i)
    for (auto& x : (*found)[i]) {
      auto dataset = take(x, "dataset");
      readers[i].push_back({x.value("ref", ""), std::move(dataset), std::move(x)});
    }
  return readers;
}

/// Looks up what the readers' documents of an earlier version do not say. What cannot be found is
/// left out: an import that removes it may come between two reads.
expected<void> complete(const store::metadata_store& store, std::vector<consumer_link>& links) {
  std::vector<std::string> wanted;
  for (const auto& link : links)
    if (!link.shown.contains("name"))
      wanted.push_back(link.ref);
  if (wanted.empty())
    return {};
  const auto consumers = find_all(store, consumer_kind, wanted);
  if (!consumers)
    return tl::unexpected{consumers.error()};
  auto next = consumers->begin();
  for (auto& link : links)
    if (!link.shown.contains("name"))
      link.shown = next->is_null() ? json{} : reader_of(*next, link.via), ++next;
  std::erase_if(links, [](const auto& link) { return link.shown.is_null(); });
  return {};
}

/// The owners of all these consumers, by reference: a few of them own most. Empty for one the
/// catalog does not know.
expected<std::map<std::string, json>> owners_of(const store::metadata_store& store,
                                                const std::vector<consumer_link>& links) {
  std::map<std::string, json> owners;
  for (const auto& link : links)
    owners.try_emplace(link.shown.value("owner", ""));
  std::vector<std::string> refs;
  for (const auto& [ref, unknown] : owners)
    refs.push_back(ref);
  const auto kept = store.get_all(owner_kind, refs);
  if (!kept)
    return tl::unexpected{kept.error()};
  for (std::size_t i = 0; i < refs.size(); ++i)
    owners[refs[i]]
        = (*kept)[i] ? parse_json((*kept)[i]->bytes).value_or(json::object()) : json::object();
  return owners;
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
    return tl::unexpected{damage_of(kind, id)};
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
  auto links
      = consumers_of(dataset, depth, [&](const auto& level) { return readers_in(store, level); });
  if (!links)
    return tl::unexpected{links.error()};
  if (auto whole = complete(store, *links); !whole)
    return tl::unexpected{whole.error()};
  const auto owners = owners_of(store, *links);
  if (!owners)
    return tl::unexpected{owners.error()};
  json rows = json::array();
  for (auto& link : *links) {
    auto row = std::move(link.shown);
    const auto& owner = owners->at(row.value("owner", ""));
    row["owner_name"] = owner.value("name", "");
    row["owner_email"] = owner.value("email", "");
    row["depth"] = link.depth;
    row["via"] = std::move(link.via);
    rows.push_back(std::move(row));
  }
  return rows;
}

} // namespace skein::actors::metadata
