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

/// Nothing if the document is not as the import writes it, now or in an earlier version.
std::optional<std::vector<dataset_reader>> read_readers(const std::string& document) {
  auto list = parse_json(document);
  if (!list || !list->is_array())
    return std::nullopt;
  const auto take = [](json& from, const char* name) {
    const auto found = from.find(name);
    return found != from.end() && found->is_string() ? std::move(found->get_ref<std::string&>())
                                                     : std::string{};
  };
  std::vector<dataset_reader> readers;
  readers.reserve(list->size());
  for (auto& x : *list) {
    if (!x.is_object())
      return std::nullopt;
    readers.push_back({take(x, "ref"), take(x, "dataset"), take(x, "shown")});
  }
  return readers;
}

expected<std::vector<std::vector<dataset_reader>>>
readers_in(const store::metadata_store& store, const std::vector<std::string>& datasets) {
  const auto kept = store.get_all(readers_kind, datasets);
  if (!kept)
    return tl::unexpected{kept.error()};
  std::vector<std::vector<dataset_reader>> readers(datasets.size());
  for (std::size_t i = 0; i < datasets.size(); ++i) {
    if (!(*kept)[i])
      continue;
    auto here = read_readers((*kept)[i]->bytes);
    if (!here)
      return tl::unexpected{damage_of(readers_kind, datasets[i])};
    readers[i] = *std::move(here);
  }
  return readers;
}

/// Looks up what the readers' documents of an earlier version do not say. What cannot be found is
/// left out: an import that removes it may come between two reads.
expected<void> complete(const store::metadata_store& store, std::vector<consumer_link>& links) {
  std::map<std::string, json> owners; // a few of them own most
  for (auto& link : links) {
    if (!link.shown.empty())
      continue;
    const auto consumer = find(store, consumer_kind, link.ref);
    if (!consumer)
      return tl::unexpected{consumer.error()};
    if (!*consumer)
      continue;
    const auto& value = (*consumer)->value;
    const auto [owner, is_new] = owners.try_emplace(value.value("owner", ""));
    if (is_new)
      owner->second = owner_of(store, value);
    link.shown = dump_json(shown_reader(value, owner->second, link.via));
  }
  std::erase_if(links, [](const auto& link) { return link.shown.empty(); });
  return {};
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

expected<std::string> consumers_json(const store::metadata_store& store, const std::string& dataset,
                                     uint32_t depth) {
  auto links
      = consumers_of(dataset, depth, [&](const auto& level) { return readers_in(store, level); });
  if (!links)
    return tl::unexpected{links.error()};
  if (auto whole = complete(store, *links); !whole)
    return tl::unexpected{whole.error()};
  std::string rows = "[";
  for (const auto& link : *links) {
    rows.append(rows.size() > 1 ? "," : "").append(link.shown, 0, link.shown.size() - 1);
    rows.append(R"(,"depth":)").append(std::to_string(link.depth)).append("}");
  }
  return rows += "]";
}

} // namespace skein::actors::metadata
