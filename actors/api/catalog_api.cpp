#include "actors/api/catalog_api.hpp"

#include "actors/api/catalog_documents.hpp"
#include "actors/api/query_parameters.hpp"
#include "actors/json_text.hpp"
#include "actors/metadata_documents.hpp"

#include <nlohmann/json.hpp>

namespace skein::actors {

namespace {

using nlohmann::json;
using namespace metadata;

struct page_request {
  uint64_t limit = 0;
  std::string after;
};

expected<page_request> read_page(const query_parameters& given) {
  const auto limit = limit_parameter(given);
  if (!limit)
    return tl::unexpected{limit.error()};
  if (*limit == 0)
    return fail("parameter 'limit' must be at least 1");
  return page_request{*limit, text_parameter(given, "after")};
}

/// One page of the documents of a kind, as `show` makes them: null for what is not wanted.
query_response list(const store::metadata_store& store, std::string_view kind, const char* name,
                    const page_request& want,
                    const std::function<json(const found_document&)>& show) {
  json rows = json::array(), next;
  std::string last;
  const auto scanned = store.scan(
      kind, want.after, UINT64_MAX, [&](std::string_view id, const store::document& kept) {
        auto value = parse_json(kept.bytes);
        auto row = value ? show({*std::move(value), kept.revision}) : json{};
        if (row.is_null())
          return true;
        if (rows.size() == want.limit) {
          next = last;
          return false;
        }
        rows.push_back(std::move(row));
        last = id;
        return true;
      });
  if (!scanned)
    return problem(500, scanned.error().what);
  return json_response({{name, rows}, {"next", next}});
}

/// What follows `<dataset>@` in the ids of a kind.
expected<json> versions_of(const store::metadata_store& store, std::string_view kind,
                           const std::string& dataset) {
  json result = json::array();
  const auto prefix = versioned_id(dataset, "");
  auto scanned = store.scan(kind, prefix, UINT64_MAX, [&](std::string_view id, const auto&) {
    if (!id.starts_with(prefix))
      return false;
    result.push_back(std::string{id.substr(prefix.size())});
    return true;
  });
  if (!scanned)
    return tl::unexpected{scanned.error()};
  return result;
}

expected<void> check_flag(const query_parameters& given, const char* name) {
  const auto text = text_parameter(given, name);
  if (text.empty() || text == "true" || text == "false")
    return {};
  return fail("parameter '" + std::string{name} + "' must be true or false");
}

} // namespace

query_response catalog_api::datasets(const query_parameters& query) const {
  const auto known
      = check_known(query, {"dataset", "owner", "criticality", "pending", "limit", "after"});
  const auto flag = check_flag(query, "pending");
  const auto page = read_page(query);
  if (!known || !flag || !page)
    return problem(400, (!known ? known.error() : !flag ? flag.error() : page.error()).what);
  const auto glob = text_parameter(query, "dataset"), owner = text_parameter(query, "owner"),
             level = text_parameter(query, "criticality"),
             pending = text_parameter(query, "pending");
  const auto fits = [&](const json& x) {
    return matches(glob, x.value("id", "")) && (owner.empty() || x.value("owner", "") == owner)
           && (level.empty() || x.value("criticality", "") == level)
           && (pending.empty() || is_pending(x) == (pending == "true"));
  };
  return list(store_, dataset_kind, "datasets", *page, [&](const found_document& from) {
    return fits(from.value) ? dataset_json(store_, from) : json{};
  });
}

query_response catalog_api::dataset(const std::string& id, const query_parameters& query) const {
  if (auto known = check_known(query, {}); !known)
    return problem(400, known.error().what);
  const auto found = find(store_, dataset_kind, id);
  if (!found)
    return problem(500, found.error().what);
  if (!*found)
    return problem(404, "there is no dataset '" + id + "' in the catalog");
  const auto contracts = versions_of(store_, contract_kind, id);
  const auto mappings = versions_of(store_, mapping_kind, id);
  if (!contracts || !mappings)
    return problem(500, (contracts ? mappings.error() : contracts.error()).what);
  auto body = dataset_json(store_, **found);
  body["contracts"] = *contracts;
  body["mappings"] = *mappings;
  return tagged(json_response(body), (*found)->revision);
}

query_response catalog_api::owners(const query_parameters& query) const {
  const auto known = check_known(query, {"limit", "after"});
  const auto page = read_page(query);
  if (!known || !page)
    return problem(400, (!known ? known.error() : page.error()).what);
  return list(store_, owner_kind, "owners", *page,
              [](const found_document& from) { return from.value; });
}

query_response catalog_api::owner(const std::string& ref, const query_parameters& query) const {
  if (auto known = check_known(query, {}); !known)
    return problem(400, known.error().what);
  const auto found = find(store_, owner_kind, ref);
  if (!found)
    return problem(500, found.error().what);
  if (!*found)
    return problem(404, "there is no owner '" + ref
                            + "' in the catalog; a reference is full, such as group:default/film");
  return tagged(json_response((*found)->value), (*found)->revision);
}

} // namespace skein::actors
