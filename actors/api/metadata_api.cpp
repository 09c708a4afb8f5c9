#include "actors/api/metadata_api.hpp"

#include "actors/api/catalog_documents.hpp"
#include "actors/api/query_parameters.hpp"
#include "actors/json_text.hpp"
#include "actors/metadata_documents.hpp"
#include "events/migration_id.hpp"

#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

namespace skein::actors {

namespace {

using nlohmann::json;
using namespace metadata;

query_response no_such_dataset(const std::string& id) {
  return problem(404, "there is no dataset '" + id + "' in the catalog");
}

query_response one(const store::metadata_store& store, const std::string& id) {
  const auto found = find(store, dataset_kind, id);
  if (!found)
    return problem(500, found.error().what);
  if (!*found)
    return no_such_dataset(id);
  return tagged(json_response(dataset_json(store, **found)), (*found)->revision);
}

/// The text of a contract or mapping, as the folder had it.
query_response text_of(const store::metadata_store& store, std::string_view kind,
                       const std::string& dataset, const std::string& versions) {
  const auto found = find(store, kind, versioned_id(dataset, versions));
  if (!found)
    return problem(500, found.error().what);
  if (*found)
    return {.content_type = "application/yaml", .body = (*found)->value.value("text", "")};
  return problem(404, "dataset '" + dataset + "' has no " + std::string{kind} + " for " + versions);
}

expected<uint32_t> read_depth(const query_parameters& query) {
  if (text_parameter(query, "depth") == "all")
    return UINT32_MAX;
  auto depth = number_parameter(query, "depth", UINT32_MAX, UINT32_MAX);
  if (depth && *depth > 0)
    return static_cast<uint32_t>(*depth);
  return fail("parameter 'depth' must be 'all' or a whole number above 0");
}

struct version_change {
  std::string expected, version;
};

expected<version_change> read_change(const std::string& text) {
  const auto body = parse_json(text);
  if (!body || !body->is_object())
    return fail(R"(the body must be a JSON object: {"expected": "v1", "version": "v2"})");
  version_change change;
  for (auto [member, into] :
       {std::pair{"expected", &change.expected}, std::pair{"version", &change.version}}) {
    const auto found = body->find(member);
    if (found == body->end() || !found->is_string())
      return fail("the body needs '" + std::string{member} + "', a version such as v2");
    *into = found->get<std::string>();
    if (auto named = check_name(member, *into); !named)
      return tl::unexpected{named.error()};
  }
  return change;
}

std::vector<std::string> segments_of(const std::string& path) {
  std::vector<std::string> result;
  for (std::size_t at = 0; at < path.size();) {
    const auto end = std::min(path.find('/', at + 1), path.size());
    result.push_back(path.substr(at + 1, end - at - 1));
    at = end;
  }
  return result;
}

} // namespace

query_response metadata_api::handle(const std::string& method, const std::string& path,
                                    const query_parameters& query, const std::string& body) {
  const auto at = segments_of(path);
  const auto is = [&](std::size_t count, const char* word) {
    return at.size() == count && !at.empty() && at[0] == "datasets" && (count < 3 || at[2] == word);
  };
  const bool writes = is(3, "version");
  if (method != (writes ? "POST" : "GET"))
    return problem(405, path + " does not take " + method);
  if (writes)
    return write_version(at[1], body);
  if (is(1, ""))
    return list(query);
  if (is(3, "consumers"))
    return consumers(at[1], query);
  if (auto known = check_known(query, {}); !known)
    return problem(400, known.error().what);
  if (is(2, ""))
    return one(store_, at[1]);
  if (is(4, "contracts"))
    return text_of(store_, contract_kind, at[1], at[3]);
  if (is(4, "mappings"))
    return text_of(store_, mapping_kind, at[1], at[3]);
  return problem(404, "the metadata API has nothing at " + path);
}

query_response metadata_api::list(const query_parameters& query) const {
  const auto known = check_known(query, {"pending", "limit", "after"});
  const auto limit = limit_parameter(query);
  if (!known || !limit)
    return problem(400, (known ? limit.error() : known.error()).what);
  const auto wanted = text_parameter(query, "pending");
  if (!wanted.empty() && wanted != "true" && wanted != "false")
    return problem(400, "parameter 'pending' must be true or false");
  const auto pending = wanted == "true";
  json rows = json::array(), next;
  auto scanned = store_.scan(dataset_kind, text_parameter(query, "after"), UINT64_MAX,
                             [&](std::string_view, const store::document& kept) {
                               const auto value = parse_json(kept.bytes);
                               if (!value || (pending && !is_pending(*value)))
                                 return true;
                               if (rows.size() < *limit) {
                                 rows.push_back(dataset_json(store_, {*value, kept.revision}));
                                 return true;
                               }
                               next = rows.empty() ? json{} : rows.back()["id"];
                               return false;
                             });
  if (!scanned)
    return problem(500, scanned.error().what);
  return json_response({{"datasets", rows}, {"next", next}});
}

query_response metadata_api::consumers(const std::string& dataset,
                                       const query_parameters& query) const {
  const auto known = check_known(query, {"depth"});
  const auto depth = read_depth(query);
  if (!known || !depth)
    return problem(400, (known ? depth.error() : known.error()).what);
  const auto found = find(store_, dataset_kind, dataset);
  if (!found)
    return problem(500, found.error().what);
  if (!*found)
    return no_such_dataset(dataset);
  const auto rows = consumers_json(store_, dataset, *depth);
  return rows ? query_response{.body = R"({"consumers":)" + *rows + "}"}
              : problem(500, rows.error().what);
}

query_response metadata_api::write_version(const std::string& dataset, const std::string& body,
                                           std::optional<uint64_t> expected_revision) {
  const auto change = read_change(body);
  if (!change)
    return problem(400, change.error().what);
  for (;;) {
    auto found = find(store_, dataset_kind, dataset);
    if (!found)
      return problem(500, found.error().what);
    if (!*found)
      return no_such_dataset(dataset);
    auto& [value, revision] = **found;
    if (expected_revision && *expected_revision != revision)
      return tagged(problem(412, "dataset '" + dataset + "' has changed: its ETag is now \""
                                     + std::to_string(revision) + "\"; nothing was changed"),
                    revision);
    const auto current = value.value("current_version", "");
    if (current == change->version)
      return tagged(json_response(dataset_json(store_, **found)), revision);
    if (current != change->expected)
      return problem(409,
                     "dataset '" + dataset + "' is at " + current + ", not at " + change->expected
                         + " as the writer expects; nothing was changed",
                     {{"found", current}});
    value["current_version"] = change->version;
    value["written_back"] = true;
    auto written = store_.compare_and_set(dataset_kind, dataset, revision, dump_json(value));
    if (!written)
      return problem(500, written.error().what);
    if (written->written)
      return tagged(json_response(dataset_json(store_, {value, written->revision})),
                    written->revision);
    // Somebody was faster: look again at what the dataset is now.
  }
}

} // namespace skein::actors
