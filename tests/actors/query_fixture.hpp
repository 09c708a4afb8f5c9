#pragma once

#include "actors/api/query_api.hpp"
#include "actors/projection.hpp"
#include "store/event_log.hpp"
#include "store/view_store.hpp"
#include "temporary_folder.hpp"
#include "told_log.hpp"

#include <nlohmann/json.hpp>

namespace skein::actors::test {

using nlohmann::json;

/// A real log and a real view of it, and the API over both.
struct query_fixture {
  temporary_folder folder;
  std::unique_ptr<store::event_log> log = store::open_log(folder.path() / "log").value();
  std::unique_ptr<store::view_store> view = store::open_view(folder.path() / "view").value();
  told_log story{*log};
  query_api api{*log, *view, [] { return midnight + std::chrono::hours{1}; }};

  void project() {
    while (view->cursor() < log->last_sequence())
      REQUIRE(project_batch(*log, *view, 1000));
  }

  json get(const std::string& path, const query_parameters& query = {}) {
    project();
    const auto got = api.get(path, query);
    INFO(got.body);
    REQUIRE(got.status == 200);
    CHECK(got.content_type == "application/json");
    return json::parse(got.body);
  }

  /// The status and sentence of a problem document.
  std::pair<int, std::string> refused(const std::string& path, const query_parameters& query = {}) {
    project();
    const auto got = api.get(path, query);
    CHECK(got.content_type == "application/problem+json");
    const auto body = json::parse(got.body);
    CHECK(body["status"] == got.status);
    CHECK_FALSE(body["title"].get<std::string>().empty());
    return {got.status, body["detail"]};
  }

  /// The ids of a list's rows.
  std::vector<std::string> listed(const query_parameters& query) {
    std::vector<std::string> result;
    const auto page = get("/v1/migrations", query);
    for (const auto& row : page["migrations"])
      result.push_back(row["id"]);
    return result;
  }

  /// The same of all pages, one after the other, of at most `limit` rows each.
  std::vector<std::string> pages(query_parameters query, const char* limit) {
    std::vector<std::string> all;
    query["limit"] = limit;
    for (;;) {
      const auto page = get("/v1/migrations", query);
      CHECK(page["migrations"].size() <= std::stoul(limit));
      for (const auto& row : page["migrations"])
        all.push_back(row["id"]);
      if (page["next"].is_null())
        return all;
      query["after"] = page["next"];
    }
  }
};

using ids = std::vector<std::string>;

inline std::vector<std::string> types_of(const json& events) {
  std::vector<std::string> result;
  for (const auto& event : events)
    result.push_back(event["type"]);
  return result;
}

} // namespace skein::actors::test
