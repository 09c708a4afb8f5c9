#include "actors/metadata_import.hpp"

#include "actors/json_text.hpp"
#include "actors/metadata_documents.hpp"

#include <map>
#include <nlohmann/json.hpp>
#include <utility>

namespace skein::actors {

namespace {

using nlohmann::json;
using namespace metadata;

using document_key = std::pair<std::string_view, std::string>; ///< kind and id

constexpr std::string_view kinds[]{dataset_kind,  consumer_kind, owner_kind,
                                   contract_kind, mapping_kind,  readers_kind};

/// Who reads each dataset itself, as documents. What depends on something that is no dataset does
/// not read it. Whether a reader is read in its turn is said too: nobody has to look in vain.
std::map<std::string, json> readers_in(const config::catalog& folder) {
  std::map<std::string, std::string> datasets; // reference to id
  for (const auto& x : folder.datasets)
    datasets[x.ref] = x.id;
  const auto id_of = [&](const std::string& ref) {
    const auto found = datasets.find(ref);
    return found == datasets.end() ? std::string{} : found->second;
  };
  std::map<std::string, std::map<std::string, const config::consumer_entity*>> readers;
  for (const auto& x : folder.consumers)
    for (const auto& ref : x.depends_on)
      if (const auto dataset = id_of(ref); !dataset.empty())
        readers[dataset][x.ref] = &x;
  std::map<std::string, json> owners;
  for (const auto& x : folder.owners)
    owners[x.ref] = document_of(x);
  std::map<std::string, json> result;
  for (const auto& [dataset, consumers] : readers)
    for (const auto& [ref, consumer] : consumers) {
      const auto owner = owners.find(consumer->owner);
      const auto id = id_of(ref);
      result[dataset].push_back(
          {{"ref", ref},
           {"dataset", readers.contains(id) ? id : ""},
           {"shown", dump_json(shown_reader(document_of(*consumer),
                                            owner == owners.end() ? json::object() : owner->second,
                                            dataset))}});
    }
  return result;
}

/// Everything the folder says, as documents.
std::map<document_key, json> documents_of(const config::catalog& folder) {
  std::map<document_key, json> result;
  for (const auto& x : folder.datasets)
    result[{dataset_kind, x.id}] = document_of(x);
  for (const auto& x : folder.owners)
    result[{owner_kind, x.ref}] = document_of(x);
  for (const auto& x : folder.consumers)
    result[{consumer_kind, x.ref}] = document_of(x);
  for (const auto& [at, x] : folder.contracts)
    result[{contract_kind, versioned_id(at.first, at.second)}] = document_of(x);
  for (const auto& [at, x] : folder.mappings)
    result[{mapping_kind, versioned_id(at.first, at.second)}] = document_of(x);
  for (auto& [dataset, readers] : readers_in(folder))
    result[{readers_kind, dataset}] = std::move(readers);
  return result;
}

/// What the store has of one document.
struct stored_document {
  uint64_t revision;
  json value; ///< null if it is not JSON: to be written anew
};

expected<std::map<document_key, stored_document>> documents_in(const store::metadata_store& store) {
  std::map<document_key, stored_document> result;
  for (const auto kind : kinds) {
    auto scanned
        = store.scan(kind, "", UINT64_MAX, [&](std::string_view id, const store::document& kept) {
            result[{kind, std::string{id}}]
                = {kept.revision, parse_json(kept.bytes).value_or(json{})};
            return true;
          });
    if (!scanned)
      return tl::unexpected{scanned.error()};
  }
  return result;
}

/// Keeps the version that a migration has written back; a sentence if the folder has another.
std::string keep_written_back(const json& kept, json& wanted) {
  if (!kept.is_object() || !kept.value("written_back", false))
    return {};
  const auto here = kept.value("current_version", ""), there = wanted.value("current_version", "");
  wanted["current_version"] = here;
  wanted["written_back"] = true;
  return here == there ? ""
                       : "dataset " + wanted.value("id", "") + " is at " + here
                             + ", where a migration has brought it; " + there
                             + " in the catalog is passed over";
}

/// The changes that make the store say what the folder says.
struct import_plan {
  std::vector<store::document_change> changes;
  import_summary summary;
};

import_plan plan(std::map<document_key, json> wanted,
                 const std::map<document_key, stored_document>& there) {
  import_plan result;
  auto& [changes, summary] = result;
  for (auto& [key, value] : wanted) {
    const auto found = there.find(key);
    if (found == there.end()) {
      ++summary.added;
      changes.push_back({std::string{key.first}, key.second, dump_json(value), 0});
      continue;
    }
    const auto& [revision, kept] = found->second;
    if (key.first == dataset_kind)
      if (auto why = keep_written_back(kept, value); !why.empty())
        summary.kept.push_back(std::move(why));
    ++(kept == value ? summary.unchanged : summary.changed);
    if (kept != value)
      changes.push_back({std::string{key.first}, key.second, dump_json(value), revision});
  }
  for (const auto& [key, kept] : there)
    if (!wanted.contains(key)) {
      ++summary.removed;
      changes.push_back({std::string{key.first}, key.second, std::nullopt, kept.revision});
    }
  return result;
}

} // namespace

expected<import_summary> import_catalog(const config::catalog& folder,
                                        store::metadata_store& into) {
  const auto wanted = documents_of(folder);
  for (;;) {
    auto there = documents_in(into);
    if (!there)
      return tl::unexpected{there.error()};
    auto planned = plan(wanted, *there);
    if (planned.changes.empty())
      return planned.summary;
    auto done = into.apply(planned.changes);
    if (!done)
      return tl::unexpected{done.error()};
    if (done->written)
      return planned.summary;
    // A version was written back in between: look again.
  }
}

} // namespace skein::actors
