#include "actors/api/metadata_api.hpp"

#include "actors/api/consumer_closure.hpp"
#include "actors/metadata_documents.hpp"
#include "actors/metadata_import.hpp"
#include "store/metadata_store.hpp"
#include "temporary_folder.hpp"

#include <nlohmann/json.hpp>
#include <thread>

using namespace skein;
using namespace skein::actors;
using nlohmann::json;

namespace {

config::dataset_entity dataset(std::string id, std::string target = "v2") {
  return {id,
          "The " + id,
          "group:default/film",
          "low",
          "v1",
          std::move(target),
          {},
          "resource:default/" + id};
}

config::consumer_entity reader(std::string ref, std::vector<std::string> datasets,
                               std::map<std::string, std::vector<std::string>> columns = {}) {
  const auto name = ref.substr(ref.rfind('/') + 1);
  for (auto& x : datasets)
    x = "resource:default/" + x;
  return {std::move(ref),    name, "service", "group:default/web", "high", std::move(datasets),
          std::move(columns)};
}

/// movies feeds an API and a ranking, the ranking a site and, in a circle, movies again.
config::catalog films() {
  config::catalog all;
  all.datasets = {dataset("movies"), dataset("ranking", ""), dataset("actors")};
  all.owners = {{"group:default/film", "Film", "film@example.org"},
                {"group:default/web", "Web", "web@example.org"}};
  all.consumers = {reader("component:default/api", {"movies"}, {{"movies", {"Title", "Year"}}}),
                   reader("component:default/site", {"ranking", "movies"}),
                   reader("component:default/poster", {"ranking"}),
                   reader("resource:default/ranking", {"movies"}),
                   // Not a dataset, though it is a resource: what depends on it reads no dataset.
                   reader("resource:default/cache", {"ranking"}),
                   reader("component:default/proxy", {"cache"}),
                   reader("resource:default/movies", {"ranking"})};
  all.contracts[{"movies", "v1"}] = {"name: movies\n", "contracts/v1.yaml"};
  all.contracts[{"movies", "v2"}] = {"name: movies # new\n", "contracts/v2.yaml"};
  all.mappings[{"movies", "v1..v2"}] = {"mapping: {}\n", "mappings/v1-v2.yaml"};
  return all;
}

struct fixture {
  test::temporary_folder folder;
  std::unique_ptr<store::metadata_store> store
      = store::open_metadata_store(folder.path() / "metadata").value();
  metadata_api api{*store};

  fixture() { import(films()); }

  import_summary import(const config::catalog& from) {
    const auto done = import_catalog(from, *store);
    if (!done)
      FAIL(done.error().what);
    return *done;
  }

  query_response ask(const std::string& path, const query_parameters& query = {}) {
    return api.handle("GET", path, query, "");
  }

  json get(const std::string& path, const query_parameters& query = {}) {
    const auto got = ask(path, query);
    INFO(got.body);
    REQUIRE(got.status == 200);
    return json::parse(got.body);
  }

  query_response write(const std::string& dataset, const std::string& from, const std::string& to) {
    return api.handle("POST", "/datasets/" + dataset + "/version", {},
                      json{{"expected", from}, {"version", to}, {"by", "movies@v2"}}.dump());
  }

  std::vector<std::string> links(const query_parameters& query = {}) {
    const auto got = get("/datasets/movies/consumers", query);
    std::vector<std::string> result;
    for (const auto& x : got["consumers"])
      result.push_back(std::to_string(x["depth"].get<int>()) + " " + x["name"].get<std::string>()
                       + " via " + x["via"].get<std::string>());
    return result;
  }
};

using names = std::vector<std::string>;

} // namespace

TEST_CASE_METHOD(fixture, "a dataset is told as the metadata API has it") {
  const auto movies = get("/datasets/movies");
  CHECK(movies["revision"].is_number_integer());
  auto rest = movies;
  rest.erase("revision");
  CHECK(rest
        == json{{"id", "movies"},
                {"title", "The movies"},
                {"owner", "group:default/film"},
                {"owner_email", "film@example.org"},
                {"criticality", "low"},
                {"current_version", "v1"},
                {"target_version", "v2"},
                {"pending", true}});
  CHECK(get("/datasets/ranking")["target_version"].is_null());
  CHECK(get("/datasets/ranking")["pending"] == false);
}

TEST_CASE_METHOD(fixture, "datasets are listed page by page, all or those pending") {
  const auto first = get("/datasets", {{"limit", "2"}});
  CHECK(first["datasets"].size() == 2);
  CHECK(first["next"] == "movies");
  const auto last = get("/datasets", {{"limit", "2"}, {"after", "movies"}});
  CHECK(last["datasets"].size() == 1);
  CHECK(last["datasets"][0]["id"] == "ranking");
  CHECK(last["next"].is_null());
  const auto pending = get("/datasets", {{"pending", "true"}});
  CHECK(pending["datasets"].size() == 2);
  CHECK(pending["next"].is_null());
  CHECK(ask("/datasets", {{"pendig", "true"}}).status == 400);
}

TEST_CASE_METHOD(fixture, "contracts and mappings are served as the folder has them") {
  const auto contract = ask("/datasets/movies/contracts/v2");
  CHECK(contract.status == 200);
  CHECK(contract.content_type == "application/yaml");
  CHECK(contract.body == "name: movies # new\n");
  CHECK(ask("/datasets/movies/mappings/v1..v2").body == "mapping: {}\n");
}

TEST_CASE_METHOD(fixture, "what is not there is a problem document") {
  const auto* path = GENERATE("/datasets/nothing", "/datasets/movies/contracts/v9",
                              "/datasets/nothing/consumers", "/datasets/movies/mappings/v2..v1",
                              "/", "", "/other", "/datasets/movies/other");
  const auto got = ask(path);
  CHECK(got.status == 404);
  CHECK(got.content_type == "application/problem+json");
  CHECK(json::parse(got.body)["status"] == 404);
}

TEST_CASE_METHOD(fixture, "methods that make no sense are refused") {
  CHECK(api.handle("DELETE", "/datasets/movies", {}, "").status == 405);
  CHECK(ask("/datasets/movies/version").status == 405);
}

TEST_CASE_METHOD(fixture, "consumers are found through what is made from a dataset, once a link") {
  CHECK(links()
        == names{"1 api via movies", "1 site via movies", "1 ranking via movies",
                 "2 poster via ranking", "2 site via ranking", "2 cache via ranking"});
  CHECK(links({{"depth", "all"}}) == links());
  CHECK(links({{"depth", "1"}}).size() == 3);
  CHECK(ask("/datasets/movies/consumers", {{"depth", "0"}}).status == 400);
  CHECK(ask("/datasets/movies/consumers", {{"depth", "some"}}).status == 400);
}

TEST_CASE_METHOD(fixture, "a consumer comes with its owner and the columns it reads") {
  const auto first = get("/datasets/movies/consumers")["consumers"][0];
  CHECK(first
        == json{{"ref", "component:default/api"},
                {"name", "api"},
                {"type", "service"},
                {"owner", "group:default/web"},
                {"owner_name", "Web"},
                {"owner_email", "web@example.org"},
                {"criticality", "high"},
                {"depth", 1},
                {"via", "movies"},
                {"columns", {"Title", "Year"}}});
  CHECK(get("/datasets/movies/consumers")["consumers"][1]["columns"].is_null());
}

TEST_CASE("a chain of a thousand datasets is walked to its end, and a ring once around") {
  const auto next = [](const std::vector<std::string>& level) {
    std::vector<std::vector<dataset_reader>> readers;
    for (const auto& at : level) {
      const auto after = std::to_string((std::stoi(at) + 1) % 1000);
      readers.push_back({{"resource:default/" + after, after, at}});
    }
    return expected<decltype(readers)>{readers};
  };
  const auto found = consumers_of("0", UINT32_MAX, next).value();
  REQUIRE(found.size() == 999);
  CHECK(found.back() == consumer_link{"resource:default/999", 999, "998", "998"});
}

TEST_CASE_METHOD(fixture, "readers as an earlier version wrote them are shown from the consumers") {
  const auto before = get("/datasets/movies/consumers");
  const auto readers = [&](const std::string& dataset) {
    return json::parse(store->get(metadata::readers_kind, dataset).value()->bytes);
  };
  for (const std::string dataset : {"movies", "ranking"}) {
    auto old = json::array();
    for (const auto& x : readers(dataset)) {
      const auto ref = x["ref"].get<std::string>();
      const auto is_dataset = ref.starts_with("resource:") && !ref.ends_with("cache");
      old.push_back({{"ref", ref}, {"dataset", is_dataset ? ref.substr(ref.rfind('/') + 1) : ""}});
    }
    REQUIRE(store->put(metadata::readers_kind, dataset, old.dump()));
  }
  CHECK(get("/datasets/movies/consumers") == before);
  REQUIRE(store->apply(std::vector<store::document_change>{
      {std::string{metadata::consumer_kind}, "component:default/api", std::nullopt}}));
  CHECK(links({{"depth", "1"}}) == names{"1 site via movies", "1 ranking via movies"});
  CHECK(import(films()).changed == 2); // written anew as this version has them
  CHECK(json::parse(readers("movies")[0]["shown"].get<std::string>())["name"] == "api");
  CHECK(get("/datasets/movies/consumers") == before);
}

TEST_CASE_METHOD(fixture, "a document of readers that is damaged is said to be") {
  for (const auto* damaged : {"", "[", "{}", R"(["x"])", R"([{"ref":"x")"}) {
    REQUIRE(store->put(metadata::readers_kind, "ranking", damaged));
    const auto answer = api.handle("GET", "/datasets/movies/consumers", {{"depth", "all"}}, "");
    CHECK(answer.status == 500);
    CHECK_THAT(answer.body, Catch::Contains("ranking") && Catch::Contains("import the catalog"));
  }
}

TEST_CASE_METHOD(fixture, "what an import changes of a consumer is shown wherever it reads") {
  auto changed = films();
  changed.consumers[1].name = "portal";
  changed.consumers[1].columns["ranking"] = {"Place"};
  changed.owners[1].email = "portal@example.org";
  import(changed);
  CHECK(links()
        == names{"1 api via movies", "1 portal via movies", "1 ranking via movies",
                 "2 poster via ranking", "2 portal via ranking", "2 cache via ranking"});
  const auto all = get("/datasets/movies/consumers")["consumers"];
  CHECK(all[1]["columns"].is_null());
  CHECK(all[4]["columns"] == json{"Place"});
  CHECK(all[4]["owner_email"] == "portal@example.org");
}

TEST_CASE_METHOD(fixture, "a version is written back by compare-and-set") {
  const auto before = get("/datasets/movies")["revision"].get<uint64_t>();
  const auto done = write("movies", "v1", "v2");
  CHECK(done.status == 200);
  const auto now = json::parse(done.body);
  CHECK(now["current_version"] == "v2");
  CHECK(now["pending"] == false);
  CHECK(now["revision"].get<uint64_t>() > before);
  CHECK(now == get("/datasets/movies"));

  SECTION("the same again changes nothing") {
    CHECK(write("movies", "v1", "v2").status == 200);
    CHECK(get("/datasets/movies") == now);
  }
  SECTION("another from the old version is a conflict that says what is there") {
    const auto late = write("movies", "v1", "v3");
    CHECK(late.status == 409);
    CHECK(json::parse(late.body)["found"] == "v2");
    CHECK(get("/datasets/movies") == now);
  }
}

TEST_CASE_METHOD(fixture, "a write that makes no sense is refused") {
  CHECK(write("nothing", "v1", "v2").status == 404);
  CHECK(write("movies", "v1", "v 2").status == 400);
  const auto* body = GENERATE("", "[]", "{", R"({"expected":"v1"})", R"({"version":"v2"})",
                              R"({"expected":"v1","version":2})");
  CHECK(api.handle("POST", "/datasets/movies/version", {}, body).status == 400);
  CHECK(get("/datasets/movies")["current_version"] == "v1");
}

TEST_CASE_METHOD(fixture, "of many writers at once exactly one wins") {
  std::atomic<int> won = 0, lost = 0;
  std::vector<std::thread> writers;
  for (int i = 0; i < 8; ++i)
    writers.emplace_back([&, i] {
      const auto status = write("movies", "v1", "v2-" + std::to_string(i)).status;
      ++(status == 200 ? won : lost);
    });
  for (auto& x : writers)
    x.join();
  CHECK(won == 1);
  CHECK(lost == 7);
}

TEST_CASE_METHOD(fixture, "importing the same folder again changes nothing") {
  const auto before = get("/datasets");
  const auto done = import(films());
  CHECK(done.added + done.changed + done.removed == 0);
  CHECK(done.unchanged > 0);
  CHECK(get("/datasets") == before);
}

TEST_CASE_METHOD(fixture, "an import takes what is new, changed and gone") {
  auto changed = films();
  changed.datasets[0].title = "Films";
  changed.datasets[2] = dataset("cinemas");
  changed.consumers.erase(changed.consumers.begin()); // the API
  changed.mappings.clear();
  import(changed);
  CHECK(get("/datasets/movies")["title"] == "Films");
  CHECK(get("/datasets/cinemas")["pending"] == true);
  CHECK(ask("/datasets/actors").status == 404);
  CHECK(ask("/datasets/movies/mappings/v1..v2").status == 404);
  CHECK(links().front() == "1 site via movies");
}

TEST_CASE_METHOD(fixture, "an import follows the folder's version until one is written back") {
  auto changed = films();
  changed.datasets[2].current_version = "v0";
  import(changed);
  CHECK(get("/datasets/actors")["current_version"] == "v0");

  REQUIRE(write("movies", "v1", "v2").status == 200);
  const auto done = import(changed);
  CHECK(get("/datasets/movies")["current_version"] == "v2");
  CHECK(get("/datasets/movies")["pending"] == false);
  REQUIRE(done.kept.size() == 1);
  CHECK_THAT(done.kept[0], Catch::Contains("movies") && Catch::Contains("v2"));

  changed.datasets[0].target_version = "v3";
  import(changed);
  CHECK(get("/datasets/movies")["current_version"] == "v2");
  CHECK(get("/datasets/movies")["pending"] == true);
}

TEST_CASE("what was imported is there after a restart") {
  test::temporary_folder folder;
  {
    auto store = store::open_metadata_store(folder.path()).value();
    REQUIRE(import_catalog(films(), *store));
    metadata_api api{*store};
    REQUIRE(
        api.handle("POST", "/datasets/movies/version", {}, R"({"expected":"v1","version":"v2"})")
            .status
        == 200);
  }
  auto store = store::open_metadata_store(folder.path()).value();
  REQUIRE(import_catalog(films(), *store));
  const auto got = metadata_api{*store}.handle("GET", "/datasets/movies", {}, "");
  CHECK(json::parse(got.body)["current_version"] == "v2");
}
