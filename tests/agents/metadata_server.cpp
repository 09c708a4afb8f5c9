#include "metadata_server.hpp"

#include <catch2/catch.hpp>

namespace skein::agents::test {

using nlohmann::json;

namespace {

constexpr const char* contract_v1 = R"(apiVersion: v3.0.2
kind: DataContract
id: films-v1
name: films
version: v1
status: active
servers:
  - {server: local-disk, type: local, path: films/v1/films.csv, format: csv}
schema:
  - name: films
    properties:
      - {name: Title, logicalType: string, required: true}
      - {name: Gross, logicalType: string}
      - {name: Director, logicalType: string}
)";

constexpr const char* contract_v2 = R"(apiVersion: v3.0.2
kind: DataContract
id: films-v2
name: films
version: v2
status: draft
servers:
  - {server: local-disk, type: local, path: films/v2/films.csv, format: csv}
schema:
  - name: films
    properties:
      - {name: title, logicalType: string, required: true}
      - {name: Gross, logicalType: integer}
    quality:
      - {rule: rowCount, mustBeGreaterThan: 0}
)";

constexpr const char* mapping_v1_v2 = R"(mapping:
  dataset: films
  from: v1
  to: v2
  rules:
    - {column: title, rename: Title}
    - {column: Gross, cast: Gross}
    - {drop: [Director]}
)";

json reader(const char* name, const char* email, json columns) {
  return {{"ref", std::string{"component:default/"} + name},
          {"name", name},
          {"type", "service"},
          {"owner", std::string{"group:default/"} + name + "-team"},
          {"owner_name", std::string{name} + " team"},
          {"owner_email", email},
          {"criticality", "low"},
          {"depth", 1},
          {"via", "films"},
          {"columns", std::move(columns)}};
}

} // namespace

metadata_server::metadata_server() {
  datasets["films"] = {{"id", "films"},
                       {"title", "Films"},
                       {"owner", "group:default/film"},
                       {"owner_email", "film@example.org"},
                       {"criticality", "high"},
                       {"current_version", "v1"},
                       {"target_version", "v2"},
                       {"pending", true},
                       {"revision", 1}};
  documents["films/contracts/v1"] = contract_v1;
  documents["films/contracts/v2"] = contract_v2;
  documents["films/mappings/v1..v2"] = mapping_v1_v2;
  consumers = {reader("calm", "calm@example.org", json::array()),
               reader("broken", "broken@example.org", {"Director"}), reader("silent", "", nullptr)};
  auto listening = cluster::http_server::listen({}, [this](const auto& request, auto reply) {
    const std::lock_guard guard{mutex_};
    reply(answer(request));
  });
  REQUIRE(listening);
  server_ = std::move(*listening);
}

std::string metadata_server::url() const {
  return "http://127.0.0.1:" + std::to_string(server_->port());
}

std::string metadata_server::version_of(const std::string& id) {
  const std::lock_guard guard{mutex_};
  return datasets.at(id).at("current_version");
}

cluster::http_response metadata_server::answer(const cluster::http_request& request) {
  if (fails_with != 0)
    return cluster::http_problem(fails_with, "broken", "the test says so");
  if (request.path == "/datasets")
    return list(request);
  const auto rest = request.path.substr(std::string{"/datasets/"}.size());
  const auto id = rest.substr(0, rest.find('/'));
  if (!datasets.contains(id))
    return cluster::http_problem(404, "Not found", "there is no dataset " + id);
  if (request.method == "POST")
    return set_version(id, request.body);
  if (rest == id)
    return {200, "application/json", datasets[id].dump()};
  if (rest == id + "/consumers")
    return {200, "application/json", json{{"consumers", consumers}}.dump()};
  if (documents.contains(rest))
    return {200, "application/yaml", documents[rest]};
  return cluster::http_problem(404, "Not found", "there is no document " + rest);
}

cluster::http_response metadata_server::list(const cluster::http_request& request) {
  const auto limit = std::stoul(request.query.at("limit"));
  json page{{"datasets", json::array()}, {"next", nullptr}};
  const auto after = request.query.find("after");
  auto at = after == request.query.end() ? datasets.begin() : datasets.upper_bound(after->second);
  for (; at != datasets.end(); ++at) {
    if (page["datasets"].size() == limit) {
      page["next"] = page["datasets"].back()["id"];
      break;
    }
    page["datasets"].push_back(at->second);
  }
  return {200, "application/json", page.dump()};
}

cluster::http_response metadata_server::set_version(const std::string& id,
                                                    const std::string& body) {
  const auto change = json::parse(body);
  version_posts.push_back(change);
  auto& current = datasets[id]["current_version"];
  if (current != change["version"] && current != change["expected"])
    return {409, "application/problem+json",
            json{{"title", "Conflict"}, {"found", current}}.dump()};
  current = change["version"];
  return {200, "application/json", datasets[id].dump()};
}

} // namespace skein::agents::test
