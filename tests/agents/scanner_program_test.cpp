#include "cluster/bus.hpp"
#include "cluster/embedded_nats.hpp"
#include "cluster/subjects.hpp"
#include "events/bus.hpp"
#include "fixtures.hpp"
#include "metadata_server.hpp"
#include "program.hpp"

#include <catch2/catch.hpp>
#include <set>

using namespace skein::agents::test;
using nlohmann::json;

namespace {

program_run scanner(const metadata_server& store, std::map<std::string, std::string> env,
                    std::vector<std::string> arguments = {}) {
  arguments.insert(arguments.begin(), SKEIN_DATASET_SCANNER);
  env["METADATA_API"] = store.url();
  return run_program({arguments, std::move(env)});
}

program_run discover(const metadata_server& store, std::map<std::string, std::string> env = {}) {
  env.insert({{"SKEIN_STEP", "discover"},
              {"SKEIN_DATASET_ID", "films"},
              {"SKEIN_CURRENT_VERSION", "v1"},
              {"SKEIN_TARGET_VERSION", "v2"}});
  return scanner(store, std::move(env));
}

/// A NATS server with the intake's stream.
struct intake {
  temporary_folder folder;
  std::unique_ptr<skein::cluster::embedded_nats> server;
  std::unique_ptr<skein::cluster::bus> bus;

  intake() {
    skein::cluster::embedded_nats_options options;
    options.folder = folder.path() / "nats";
    auto started = skein::cluster::embedded_nats::start(options);
    if (!started)
      FAIL(started.error().what);
    server = std::move(*started);
    auto connected = skein::cluster::bus::connect({server->url()});
    REQUIRE(connected);
    bus = std::move(*connected);
    for (const auto& stream : skein::cluster::streams::all({skein::cluster::subjects::actions}))
      REQUIRE(bus->ensure_stream(stream));
  }

  uint64_t messages() {
    auto state = bus->stream_info(skein::cluster::streams::actions);
    REQUIRE(state);
    return state->messages;
  }

  skein::cluster::message last() {
    auto found = bus->last_message(skein::cluster::streams::actions);
    REQUIRE(found);
    REQUIRE(*found);
    return **found;
  }
};

void add_datasets(metadata_server& store, int count) {
  store.edit([&](metadata_server& x) {
    for (int i = 0; i < count; ++i) {
      auto dataset = x.datasets["films"];
      dataset["id"] = "set" + std::to_string(1000 + i);
      x.datasets[dataset["id"]] = dataset;
    }
  });
}

std::string header(const skein::cluster::message& message, const std::string& name) {
  for (const auto& [key, value] : message.headers)
    if (key == name)
      return value;
  return {};
}

} // namespace

TEST_CASE("the discover step says what is known, with labels") {
  metadata_server store;
  const auto run = discover(store);
  CHECK(run.exit_code == 0);
  CHECK(
      run.output
      == json{
          {"title", "Films"},
          {"owner", "group:default/film"},
          {"owner_email", "film@example.org"},
          {"criticality", "high"},
          {"current_version", "v1"},
          {"target_version", "v2"},
          {"location", "films/v1/films.csv"},
          {"format", "csv"},
          {"consumers", 3},
          {"direct_consumers", 3},
          {"labels",
           {{"owner", "group:default/film"}, {"storage", "local-disk"}, {"criticality", "high"}}}});
}

TEST_CASE("a dataset at its target version already is discovered all the same") {
  metadata_server store;
  store.edit([](metadata_server& x) { x.datasets["films"]["current_version"] = "v2"; });
  const auto run = discover(store);
  CHECK(run.exit_code == 0);
  CHECK(run.output.at("already_current") == true);
}

TEST_CASE("a dataset that has vanished, or is elsewhere, fails for good") {
  metadata_server store;
  const auto gone = discover(store, {{"SKEIN_DATASET_ID", "books"}});
  CHECK(gone.exit_code == 1);
  CHECK(gone.reason.find("books has vanished") != std::string::npos);
  store.edit([](metadata_server& x) { x.datasets["films"]["current_version"] = "v7"; });
  const auto moved = discover(store);
  CHECK(moved.exit_code == 1);
  CHECK(moved.reason.find("is at v7") != std::string::npos);
}

TEST_CASE("a metadata store that does not work now is worth another try") {
  metadata_server store;
  store.edit([](metadata_server& x) { x.fails_with = 503; });
  CHECK(discover(store).exit_code == 75);
  const auto nobody = run_program({{SKEIN_DATASET_SCANNER},
                                   {{"SKEIN_STEP", "discover"},
                                    {"SKEIN_DATASET_ID", "films"},
                                    {"METADATA_API", "http://127.0.0.1:1"}}});
  CHECK(nobody.exit_code == 75);
  CHECK(!nobody.reason.empty());
}

TEST_CASE("a scan publishes one request for each pending dataset, once") {
  metadata_server store;
  intake stream;
  add_datasets(store, 149);
  const std::map<std::string, std::string> env{{"SKEIN_NATS_URL", stream.server->url()},
                                               {"SKEIN_SCAN_ID", "scan-1"}};
  const auto run = scanner(store, env);
  CHECK(run.exit_code == 0);
  CHECK(run.output == json{{"scanned", 150}, {"published", 150}, {"scan", "scan-1"}});
  CHECK(stream.messages() == 150);
  const auto last = stream.last();
  CHECK(header(last, "Content-Type") == "application/json");
  CHECK(header(last, "Nats-Msg-Id") == "scan-1:set1148@v2");
  CHECK(json::parse(last.data)
        == json{{"dataset", "set1148"},
                {"currentVersion", "v1"},
                {"targetVersion", "v2"},
                {"scan", "scan-1"}});
  CHECK(scanner(store, env).exit_code == 0);
  CHECK(stream.messages() == 150);
}

TEST_CASE("a scan can publish Protobuf, and makes an id of its own") {
  metadata_server store;
  intake stream;
  const auto run = scanner(store, {{"SKEIN_NATS_URL", stream.server->url()}}, {"--protobuf"});
  CHECK(run.exit_code == 0);
  const auto last = stream.last();
  CHECK(header(last, "Content-Type") == skein::bus::protobuf_content_type);
  const auto request
      = skein::bus::decode<skein::bus::migrate_request>(last.data, skein::bus::encoding::protobuf);
  REQUIRE(request);
  CHECK(request->dataset == "films");
  CHECK(!request->scan.empty());
  CHECK(request->scan == run.output.at("scan"));
}

TEST_CASE("a scan without a bus is tried again later") {
  metadata_server store;
  const auto run = scanner(store, {{"SKEIN_NATS_URL", "nats://127.0.0.1:1"}});
  CHECK(run.exit_code == 75);
  CHECK(!run.reason.empty());
}

TEST_CASE("a dry run prints what is pending and needs no bus") {
  metadata_server store;
  const auto run = scanner(store, {}, {"--dry-run"});
  CHECK(run.exit_code == 0);
  CHECK(run.text.find("films v1 v2\n") == 0);
  CHECK(run.output.at("published") == 0);
}

TEST_CASE("wrong arguments are said in one sentence") {
  metadata_server store;
  const auto run = scanner(store, {}, {"--no-such-option"});
  CHECK(run.exit_code == 1);
  CHECK(run.reason.find("--no-such-option") != std::string::npos);
}
