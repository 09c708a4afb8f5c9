#include "actors/api/http_api.hpp"

#include "actors/metadata_import.hpp"
#include "actors/projection.hpp"
#include "cluster/http_client.hpp"
#include "cluster/http_server.hpp"
#include "store/memory_log.hpp"
#include "store/memory_view.hpp"
#include "store/metadata_store.hpp"
#include "temporary_folder.hpp"
#include "told_log.hpp"

#include <nlohmann/json.hpp>

using namespace skein;
using namespace skein::actors;
using nlohmann::json;

namespace {

/// A daemon's HTTP interface on a real port; orders are noted and answered with their phase.
struct fixture {
  store::memory_log log;
  store::memory_view view;
  test::told_log story{log};
  test::temporary_folder folder;
  std::unique_ptr<store::metadata_store> store
      = store::open_metadata_store(folder.path() / "metadata").value();
  metadata_api metadata{*store};
  query_api queries{log, view, [] { return test::midnight; }};
  std::vector<operator_order> orders;
  expected<void> readiness{};
  std::unique_ptr<cluster::http_server> server
      = cluster::http_server::listen({}, http_api(parts())).value();

  http_parts parts() {
    http_parts all;
    all.metadata = &metadata;
    all.queries = &queries;
    all.order = [this](operator_order order, const auto& answer) {
      orders.push_back(std::move(order));
      answer(json_response({{"phase", "running"}}));
    };
    all.fleet = [](const auto& answer) {
      const breaker_line open{{"mover", "lake"},
                              breaker_status::open,
                              test::midnight + std::chrono::seconds{30},
                              12,
                              20,
                              "it is away"};
      const breaker_line closed{{"mailer", ""}, breaker_status::closed, {}, 0, 1, ""};
      answer({{"default", 3, 2, {{"host/local", 2}}, {closed, open}}});
    };
    all.ready = [this] { return readiness; };
    return all;
  }

  cluster::http_response call(const std::string& method, const std::string& path,
                              const std::string& body = "",
                              const cluster::http_headers& headers = {}) {
    const auto url = "http://127.0.0.1:" + std::to_string(server->port()) + path;
    const auto got = cluster::http_call(method, url, body, headers, std::chrono::seconds{20});
    if (!got)
      FAIL(got.error().what);
    return *got;
  }

  cluster::http_response order(const std::string& path, const std::string& body) {
    return call("POST", path, body, {{"Content-Type", "application/json; charset=utf-8"}});
  }
};

constexpr auto by_ann = R"({"actor":"ann","reason":"the consumer is ready"})";

} // namespace

TEST_CASE_METHOD(fixture, "queries and metadata are answered over HTTP") {
  story.complete("movies");
  REQUIRE(project_batch(log, view, 1000));
  config::catalog catalog;
  catalog.datasets = {{"movies", "Movies", "", "low", "v1", "v2", {}, "resource:default/movies"}};
  REQUIRE(import_catalog(catalog, *store));
  CHECK(json::parse(call("GET", "/v1/status").body)["phases"]["completed"] == 1);
  CHECK(json::parse(call("GET", "/v1/migrations?phase=completed").body)["migrations"].size() == 1);
  CHECK(json::parse(call("GET", "/v1/migrations/movies%40v2").body)["id"] == "movies@v2");
  CHECK(json::parse(call("GET", "/metadata/datasets/movies").body)["pending"] == true);
  CHECK(call("POST", "/metadata/datasets/movies/version", R"({"expected":"v1","version":"v2"})",
             {{"Content-Type", "application/json"}})
            .status
        == 200);
  CHECK(json::parse(call("GET", "/metadata/datasets/movies").body)["pending"] == false);
}

TEST_CASE_METHOD(fixture, "health is the process, readiness its work") {
  CHECK(call("GET", "/healthz").status == 200);
  CHECK(call("GET", "/readyz").status == 200);
  readiness = fail("the log's disk is full");
  CHECK(call("GET", "/healthz").status == 200);
  const auto down = call("GET", "/readyz");
  CHECK(down.status == 503);
  CHECK(json::parse(down.body)["detail"] == "the log's disk is full");
}

TEST_CASE_METHOD(fixture, "the fleet is shown pool by pool") {
  CHECK(json::parse(call("GET", "/v1/fleet").body)
        == json::parse(R"({"pools":[{"pool":"default","waiting":3,"running":2,
                           "workers":[{"name":"host/local","leases":2}],
                           "breakers":[
                            {"agent":"mailer","storage":null,"status":"closed","failures":0,
                             "attempts":1,"why":null,"half_open_at":null},
                            {"agent":"mover","storage":"lake","status":"open","failures":12,
                             "attempts":20,"why":"it is away",
                             "half_open_at":"2026-03-01T00:00:30.000000Z"}]}]})"));
}

TEST_CASE_METHOD(fixture, "orders carry who and why") {
  story.request("movies");
  story.request("a/b");
  CHECK(order("/v1/migrations/a/b@v2/approve", by_ann).status == 200);
  CHECK(order("/v1/migrations/movies@v2/retry", by_ann).status == 200);
  CHECK(order("/v1/migrations/movies@v2/cancel", by_ann).status == 200);
  CHECK(order("/v1/scan", by_ann).status == 200);
  REQUIRE(orders.size() == 4);
  CHECK(orders[0].verb == operator_verb::approve);
  CHECK(orders[0].migration == "a/b@v2");
  CHECK(orders[0].actor == "ann");
  CHECK(orders[0].reason == "the consumer is ready");
  CHECK(orders[1].verb == operator_verb::retry);
  CHECK(orders[2].verb == operator_verb::cancel);
  CHECK(orders[3].verb == operator_verb::scan);
  CHECK(orders[3].migration.empty());
}

TEST_CASE_METHOD(fixture, "the version that an order is meant for goes along with it") {
  story.request("movies");
  const auto pause = [&](const std::string& tag) {
    return call("POST", "/v1/migrations/movies@v2/pause", by_ann,
                {{"Content-Type", "application/json"}, {"If-Match", tag}})
        .status;
  };
  CHECK(pause("\"17\"") == 200);
  CHECK(pause("*") == 200);
  CHECK(pause("17") == 400);
  REQUIRE(orders.size() == 2);
  CHECK(orders[0].if_version == 17);
  CHECK(orders[1].if_version == std::nullopt);
}

TEST_CASE_METHOD(fixture, "an order for a migration that is not there is not found") {
  const auto got = order("/v1/migrations/movies@v2/retry", by_ann);
  CHECK(got.status == 404);
  CHECK_THAT(json::parse(got.body)["detail"].get<std::string>(), Catch::Contains("movies@v2"));
  CHECK(orders.empty());
}

TEST_CASE_METHOD(fixture, "an order without who or why is refused by a sentence") {
  const auto* body
      = GENERATE("", "{}", "[]", "nonsense", R"({"actor":"ann"})", R"({"reason":"why"})",
                 R"({"actor":"ann","reason":""})", R"({"actor":"ann","reason":" \n"})",
                 R"({"actor":" ","reason":"why"})", R"({"actor":7,"reason":"why"})");
  const auto got = order("/v1/scan", body);
  CHECK(got.status == 400);
  CHECK_FALSE(json::parse(got.body)["detail"].get<std::string>().empty());
  CHECK(orders.empty());
}

TEST_CASE_METHOD(fixture, "a reason of a whole book is refused") {
  const auto got
      = order("/v1/scan", json{{"actor", "ann"}, {"reason", std::string(5000, 'x')}}.dump());
  CHECK(got.status == 400);
  CHECK(orders.empty());
}

TEST_CASE_METHOD(fixture, "an order a web page could send is refused") {
  CHECK(call("POST", "/v1/scan", by_ann).status == 415);
  CHECK(call("POST", "/v1/scan", by_ann, {{"Content-Type", "text/plain"}}).status == 415);
  CHECK(orders.empty());
}

TEST_CASE_METHOD(fixture, "everything else is a problem document") {
  const auto nowhere = call("GET", "/nowhere");
  CHECK(nowhere.status == 404);
  CHECK(nowhere.content_type == "application/problem+json");
  CHECK(call("GET", "/").status == 404);
  CHECK(call("POST", "/v1/status", by_ann).status == 405);
  const auto wrong = call("GET", "/v1/scan");
  CHECK(wrong.status == 405);
  const auto allow = std::find_if(wrong.headers.begin(), wrong.headers.end(), [](const auto& x) {
    return x.first == "Allow" || x.first == "allow";
  });
  REQUIRE(allow != wrong.headers.end());
  CHECK(allow->second == "POST");
  CHECK(call("GET", "/v1/migrations/movies@v2/cancel").status == 405);
}
