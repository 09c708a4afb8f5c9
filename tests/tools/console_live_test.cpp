// The console beside a daemon: a real HTTP server and a real bus, with the sample behind them.
#include "console.hpp"
#include "sample_log.hpp"

#include "actors/api/http_api.hpp"
#include "actors/projection.hpp"
#include "cluster/bus.hpp"
#include "cluster/embedded_nats.hpp"
#include "cluster/http_server.hpp"
#include "cluster/subjects.hpp"
#include "events/status.hpp"
#include "store/memory_log.hpp"
#include "store/memory_view.hpp"

#include <condition_variable>
#include <fstream>
#include <mutex>
#include <unistd.h>

using namespace skein;
using namespace skein::tests;
using Catch::Contains;
using nlohmann::json;

namespace {

/// Everything of a daemon that the console sees; orders are noted, and carried out as the test
/// says.
struct live_workspace {
  actors::test::temporary_folder folder;
  store::memory_log log;
  store::memory_view view;
  told_log story{log};
  actors::query_api queries{log, view, [] { return actors::test::midnight; }};
  std::mutex guard; // the order comes on the server's thread
  std::vector<actors::operator_order> orders;
  std::function<actors::query_response(const actors::operator_order&)> answer = [](const auto&) {
    return actors::json_response({{"phase", "running"}});
  };
  std::unique_ptr<cluster::http_server> server
      = cluster::http_server::listen({}, actors::http_api(parts())).value();

  live_workspace() {
    tell_sample(story);
    project();
    announce("nats://127.0.0.1:1");
  }

  void project() { REQUIRE(actors::project_batch(log, view, 1000)); }

  void announce(const std::string& nats) {
    std::filesystem::create_directories(folder.path() / ".skein");
    std::ofstream{folder.path() / ".skein" / "daemon.json"}
        << json{{"pid", getpid()},
                {"http", "http://127.0.0.1:" + std::to_string(server->port())},
                {"nats", nats}};
  }

  actors::http_parts parts() {
    actors::http_parts all;
    all.queries = &queries;
    all.order = [this](actors::operator_order order, const auto& reply) {
      std::lock_guard lock{guard};
      const auto said = answer(order);
      orders.push_back(std::move(order));
      reply(said);
    };
    all.fleet = [](const auto& reply) { reply({{"default", 3, 2, {{"host/local", 2}}, {}}}); };
    all.ready = [] { return expected<void>{}; };
    return all;
  }

  program_end skein(words arguments) {
    arguments.insert(arguments.begin(), {"-w", folder.path().string()});
    return skein_says(std::move(arguments));
  }
};

} // namespace

TEST_CASE_METHOD(live_workspace, "beside a daemon its answers are shown, silently") {
  const auto status = skein({"status"});
  CHECK(status.code == 0);
  CHECK(status.err.empty());
  CHECK_THAT(status.out, Contains("4 migrations"));
  CHECK_THAT(status.out, Contains("host/local (2)"));
  CHECK(skein({"status", "--json"}).json()["live"] == true);
  CHECK_THAT(skein({"show", "movies@v2"}).out, Contains(hold_reason));
  CHECK_THAT(skein({"events", "cars@v2", "--type", "parked"}).out, Contains("row 1234"));
  CHECK(skein({"show", "nothing@v2"}).code == 3);
}

TEST_CASE_METHOD(live_workspace, "orders say who and why") {
  const auto end = skein({"approve", "movies@v2", "--reason", "film-api is ready"});
  CHECK(end.code == 0);
  CHECK(end.out == "movies@v2 is running\n");
  CHECK(skein({"cancel", "cars@v2", "--yes", "--reason", "no", "--actor", "bot"}).code == 0);
  CHECK(skein({"retry", "cars@v2", "--json", "-r", "again"}).json()["phase"] == "running");
  REQUIRE(orders.size() == 3);
  CHECK(orders[0].verb == actors::operator_verb::approve);
  CHECK(orders[0].migration == "movies@v2");
  CHECK_THAT(orders[0].actor, Catch::StartsWith("ann@"));
  CHECK(orders[0].reason == "film-api is ready");
  CHECK(orders[1].actor == "bot");
}

TEST_CASE_METHOD(live_workspace, "a refusal comes with its sentence") {
  answer
      = [](const auto&) { return actors::problem(409, "the migration is not waiting for that"); };
  const auto end = skein({"approve", "cars@v2", "--reason", "why not"});
  CHECK(end.code == 1);
  CHECK(end.err == "skein: the migration is not waiting for that\n");
  CHECK(skein({"approve", "nothing@v2", "--reason", "why not"}).code == 3);
  CHECK(skein({"approve", "cars@v2", "--reason", ""}).code == 2);
}

TEST_CASE_METHOD(live_workspace, "a daemon that does not answer is passed over") {
  server.reset();
  const auto end = skein({"retry", "cars@v2", "--reason", "x"});
  CHECK(end.code == 4);
  CHECK_THAT(end.err, Contains("does not answer"));
}

TEST_CASE_METHOD(live_workspace, "a name with slashes and odd letters arrives as it is") {
  const auto id = story.request("lake/år&?#%2F");
  project();
  const auto end = skein({"show", "lake/år&?#%2F@v2", "--json"});
  REQUIRE(end.code == 0);
  CHECK(end.json()["id"] == id);
}

TEST_CASE_METHOD(live_workspace, "a scan that nobody waits for is under way") {
  answer = [](const auto&) {
    return actors::json_response({{"scan", "scan-9"}, {"started", {"dataset-scanner"}}});
  };
  const auto end = skein({"scan"});
  CHECK(end.code == 0);
  CHECK(end.out == "scan scan-9 is under way\n");
  answer = [](const auto&) {
    return actors::json_response({{"error", "no agent has a schedule"}});
  };
  CHECK(skein({"scan"}).code == 1);
}

namespace {

/// With a bus, on which the log is relayed.
struct live_bus : live_workspace {
  std::unique_ptr<cluster::embedded_nats> nats
      = cluster::embedded_nats::start({.folder = folder.path() / "nats"}).value();
  std::unique_ptr<cluster::bus> bus = cluster::bus::connect({.url = nats->url()}).value();

  live_bus() {
    for (const auto& stream : cluster::streams::all({cluster::subjects::actions}))
      REQUIRE(bus->ensure_stream(stream));
    announce(nats->url());
  }

  void relay() {
    REQUIRE(log.read(1, store::no_limit, [&](const store::stored& from) {
      const auto what = decode_record(from.bytes).value();
      const auto subject
          = cluster::subjects::status(actors::dataset_of(what.migration), name_of(what.event));
      return bus
          ->publish_durable(*subject, status_json(from.sequence, what),
                            std::to_string(from.sequence), {}, std::chrono::seconds{10})
          .has_value();
    }));
  }
};

/// `skein` running on, with its lines as they come.
class running_console {
public:
  explicit running_console(words arguments) {
    cluster::spawn_options options;
    options.argv = {SKEIN_PROGRAM};
    options.argv.insert(options.argv.end(), arguments.begin(), arguments.end());
    options.env = environment_with({});
    options.on_stdout_line = [this](std::string_view line) {
      std::lock_guard lock{guard_};
      lines_.emplace_back(line);
      grown_.notify_all();
    };
    child_ = cluster::child_process::spawn(std::move(options)).value();
  }

  /// Waits for that many lines.
  std::vector<std::string> lines(std::size_t count) {
    std::unique_lock lock{guard_};
    const bool came
        = grown_.wait_for(lock, std::chrono::seconds{30}, [&] { return lines_.size() >= count; });
    INFO(lines_.size() << " lines came");
    REQUIRE(came);
    return lines_;
  }

  cluster::exit_status stop() {
    child_->terminate(std::chrono::seconds{10});
    return child_->wait();
  }

private:
  std::mutex guard_;
  std::condition_variable grown_;
  std::vector<std::string> lines_;
  std::unique_ptr<cluster::child_process> child_;
};

} // namespace

TEST_CASE_METHOD(live_bus, "watching shows what happens as it happens, and ends when told") {
  relay();
  running_console all{{"watch", "--from-start", "-w", folder.path().string()}};
  CHECK(all.lines(26).size() == 26);
  running_console movies{
      {"watch", "--from-start", "--dataset", "movies", "--json", "-w", folder.path().string()}};
  const auto before = movies.lines(6);
  CHECK(json::parse(before[0])["type"] == "requested");
  story.give("movies@v2", migration::approve{}, "ann", "it is ready");
  relay();
  const auto after = movies.lines(7);
  CHECK(json::parse(after[6])["type"] == "approved");
  CHECK_THAT(all.lines(27)[26], Contains("approved") && Contains("ann: it is ready"));
  CHECK(movies.stop().exit_code == 0);
  CHECK(all.stop().exit_code == 0);
}

TEST_CASE_METHOD(live_workspace, "following events shows what comes, from the log") {
  running_console console{
      {"events", "--follow", "--type", "approved", "-w", folder.path().string()}};
  story.give("movies@v2", migration::approve{}, "ann", "it is ready");
  CHECK_THAT(console.lines(1)[0], Contains("movies@v2"));
  console.stop();
}

TEST_CASE_METHOD(live_bus, "a scan is waited for until what it found rests") {
  answer = [this](const auto&) {
    const auto line = json{{"agent", "dataset-scanner"},
                           {"stream", "result"},
                           {"text", R"({"scan":"scan-1","ok":true,"output":{"published":4}})"}};
    REQUIRE(bus->publish({.subject = "skein.v1.agents.dataset-scanner.log", .data = line.dump()}));
    REQUIRE(bus->flush(std::chrono::seconds{5}));
    story.give("jobs@v2", migration::cancel{}, "ann", "enough");
    project();
    return actors::json_response({{"scan", "scan-1"}, {"started", {"dataset-scanner"}}});
  };
  const auto end = skein({"scan", "--wait"});
  CHECK(end.code == 1);
  CHECK(end.out == "scan scan-1 is over: 1 cancelled, 1 completed, 1 held, 1 parked\n");
  CHECK_THAT(end.err, Contains("3 migrations are not completed"));
}

TEST_CASE_METHOD(live_bus, "a scan that fails is a failure") {
  answer = [this](const auto&) {
    const auto line
        = json{{"agent", "dataset-scanner"},
               {"stream", "result"},
               {"text", R"({"scan":"scan-1","ok":false,"why":"the metadata store is away"})"}};
    REQUIRE(bus->publish({.subject = "skein.v1.agents.dataset-scanner.log", .data = line.dump()}));
    REQUIRE(bus->flush(std::chrono::seconds{5}));
    return actors::json_response({{"scan", "scan-1"}, {"started", {"dataset-scanner"}}});
  };
  const auto end = skein({"scan", "--wait"});
  CHECK(end.code == 1);
  CHECK_THAT(end.err, Contains("the metadata store is away"));
}
