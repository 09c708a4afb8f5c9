#include "actors/expansion.hpp"
#include "actors/launch_plan.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace skein;
using namespace skein::actors;

namespace {

worker_facts facts() {
  return {"host/local",
          "/opt/skein/bin",
          "/films",
          "/films/.skein/work/local",
          {{"PATH", "/usr/bin"},
           {"HOME", "/home/me"},
           {"TZ", "UTC"},
           {"MAIL_PASSWORD", "opensesame"},
           {"PRIVATE", "not for agents"}}};
}

bus::assignment assignment() {
  bus::assignment work;
  work.migration = "movies@v2";
  work.subject = {migration::subject_kind::dataset, "movies", "v1", "v2"};
  work.scan = "scan-1";
  work.workflow = "dataset-migration";
  work.step = "execute-migration";
  work.agent = "migration-agent";
  work.attempt = 2;
  work.epoch = 7;
  work.timeout = std::chrono::minutes{3};
  work.cpu = std::chrono::seconds{60};
  work.memory_bytes = 1 << 30;
  work.command = {"migration-agent", "--dataset-id", "${NOMAD_META_DATASET_ID}"};
  return work;
}

launch planned(const bus::assignment& work) {
  const auto made = plan(work, facts());
  INFO((made ? "" : made.error().what));
  REQUIRE(made);
  return *made;
}

std::string refusal(const bus::assignment& work) {
  const auto made = plan(work, facts());
  REQUIRE(!made);
  return made.error().what;
}

} // namespace

TEST_CASE("references are expanded once, in one pass") {
  const std::map<std::string, std::string> known{{"A", "x"}, {"B", "${A}"}, {"E", ""}};
  const auto find = [&](std::string_view name) -> const std::string* {
    const auto found = known.find(std::string{name});
    return found == known.end() ? nullptr : &found->second;
  };
  const auto [text, result] = GENERATE(table<std::string, std::string>({
      {"", ""},
      {"plain $A $ {A}", "plain $A $ {A}"},
      {"${A}", "x"},
      {"<${A}${A}>", "<xx>"},
      {"${B}", "${A}"},
      {"$${A} and ${A}", "${A} and x"},
      {"$$${A}", "$${A}"},
      {"${NONE:-default}", "default"},
      {"${E:-default}", "default"},
      {"${A:-default}", "x"},
      {"${E}", ""},
  }));
  CHECK(expand(text, find) == result);
  for (const auto* bad : {"${", "a${A", "${NONE}", "${}"})
    CHECK_FALSE(expand(bad, find));
}

TEST_CASE("an attempt gets its identity, the basics of the worker and nothing else") {
  const auto made = planned(assignment());
  const std::map<std::string, std::string> expected{
      {"PATH", "/opt/skein/bin:/usr/bin"},
      {"HOME", "/home/me"},
      {"TZ", "UTC"},
      {"SKEIN_MIGRATION_ID", "movies@v2"},
      {"SKEIN_DATASET_ID", "movies"},
      {"SKEIN_CURRENT_VERSION", "v1"},
      {"SKEIN_TARGET_VERSION", "v2"},
      {"SKEIN_STEP", "execute-migration"},
      {"SKEIN_ATTEMPT", "2"},
      {"SKEIN_EPOCH", "7"},
      {"SKEIN_SCAN_ID", "scan-1"},
      {"SKEIN_WORKFLOW", "dataset-migration"},
      {"SKEIN_MEMORY_LIMIT", "1073741824"},
      {"SKEIN_WORK_DIR", "/films/.skein/work/local/movies=40v2.execute-migration.7"},
      {"NOMAD_META_DATASET_ID", "movies"},
      {"NOMAD_META_CURRENT_VERSION", "v1"},
      {"NOMAD_META_TARGET_VERSION", "v2"},
      {"NOMAD_META_RUN_ID", "movies@v2:execute-migration:7"},
  };
  CHECK(made.environment == expected);
  CHECK(made.argv == std::vector<std::string>{"migration-agent", "--dataset-id", "movies"});
  CHECK(made.work_dir == expected.at("SKEIN_WORK_DIR"));
  CHECK(made.limits.wall == std::chrono::minutes{3});
  CHECK(made.limits.cpu == std::chrono::seconds{60});
  CHECK(made.limits.memory_bytes == 1u << 30);
  CHECK(made.secrets.empty());
}

TEST_CASE("later variables win, but an attempt's identity always does") {
  auto work = assignment();
  work.environment = {{"METADATA_API", "http://default"},
                      {"METADATA_API", "http://mine"},
                      {"SKEIN_STEP", "forged"},
                      {"PATH", "/extra:${PATH}"},
                      {"TOPIC", "topics.${SKEIN_DATASET_ID}"},
                      {"AGAIN", "${TOPIC}!"}};
  const auto made = planned(work);
  CHECK(made.environment.at("METADATA_API") == "http://mine");
  CHECK(made.environment.at("SKEIN_STEP") == "execute-migration");
  CHECK(made.environment.at("PATH") == "/extra:/opt/skein/bin:/usr/bin");
  CHECK(made.environment.at("AGAIN") == "topics.movies!");
}

TEST_CASE("secrets come from the worker's environment, by name, and are remembered as such") {
  auto work = assignment();
  work.environment = {{"SMTP_PASSWORD", "${MAIL_PASSWORD}"}, {"WHERE", "${HOME}"}};
  const auto made = planned(work);
  CHECK(made.environment.at("SMTP_PASSWORD") == "opensesame");
  CHECK_FALSE(made.environment.contains("PRIVATE"));
  CHECK(made.secrets == std::vector<std::string>{"opensesame"});
}

TEST_CASE("the token that a run calls the daemon with is a secret too") {
  auto work = assignment();
  work.environment = {{"SKEIN_TOKEN", "skein_attempt_1_2"}, {"OTHER", "skein_attempt_3_4"}};
  CHECK(planned(work).secrets == std::vector<std::string>{"skein_attempt_1_2"});
}

TEST_CASE("an unknown variable is refused, naming it, the agent and the place") {
  auto work = assignment();
  work.command.push_back("--key=${NO_SUCH}");
  CHECK_THAT(refusal(work), Catch::Contains("agent migration-agent")
                                && Catch::Contains("argument 3 (`--key=${NO_SUCH}`)")
                                && Catch::Contains("uses ${NO_SUCH}"));
  work = assignment();
  work.environment = {{"KEY", "${NO_SUCH}"}};
  CHECK_THAT(refusal(work), Catch::Contains("variable KEY uses ${NO_SUCH}"));
}

TEST_CASE("what a message brings is never expanded") {
  auto work = assignment();
  work.subject.name = "x${MAIL_PASSWORD}";
  const auto made = planned(work);
  CHECK(made.argv.back() == "x${MAIL_PASSWORD}");
  work.subject.name = "${NOMAD_META_DATASET_ID}";
  CHECK_THAT(refusal(work), Catch::Contains("never expanded"));
}

TEST_CASE("an agent without a command is refused") {
  auto work = assignment();
  work.command.clear();
  CHECK_THAT(refusal(work), Catch::Contains("no `command`"));
}

TEST_CASE("a relative path of a program begins in the workspace") {
  auto work = assignment();
  work.command = {"scripts/scan.sh"};
  CHECK(planned(work).argv.front() == "/films/scripts/scan.sh");
  work.command = {"/bin/true"};
  CHECK(planned(work).argv.front() == "/bin/true");
}

TEST_CASE("an attempt's input is one JSON object with the earlier outputs parsed") {
  auto work = assignment();
  work.inputs = {{"discover", R"({"consumers":3,"labels":{"owner":"a"}})"}, {"nothing", ""}};
  CHECK(nlohmann::json::parse(planned(work).input) == nlohmann::json::parse(R"({
    "migration": "movies@v2", "dataset": "movies", "current_version": "v1",
    "target_version": "v2", "scan": "scan-1", "workflow": "dataset-migration",
    "step": "execute-migration", "attempt": 2, "epoch": 7,
    "inputs": {"discover": {"consumers": 3, "labels": {"owner": "a"}}, "nothing": {}}})"));
  work.inputs["discover"] = std::string(100'000, '[');
  CHECK_THAT(refusal(work), Catch::Contains("output of step discover of movies@v2"));
}

TEST_CASE("scratch folders stay below their root whatever the names are") {
  const std::filesystem::path root{"/w"};
  CHECK(work_dir(root, "../../etc@v2", "../x", 3) == "/w/=2E=2E=2F=2E=2E=2Fetc=40v2.=2E=2E=2Fx.3");
  const auto a = work_dir(root, std::string(200, '@') + "a", "s", 1);
  const auto b = work_dir(root, std::string(200, '@') + "b", "s", 1);
  CHECK(a != b);
  CHECK(a.filename().string().size() <= 255);
}

TEST_CASE("a digest's run gets all notices, and its channel's agent the defaults") {
  config::agent agent;
  agent.name = "email-sender";
  agent.command = {"email-sender"};
  agent.environment = {{"SKEIN_MAIL_FROM", "films@example.org"}};
  bus::notice notice;
  notice.migration = "movies@v2";
  notice.subject = {migration::subject_kind::dataset, "movies", "v1", "v2"};
  notice.kind = "held";
  notice.why = "somebody reads Title";
  notice.inputs = {{"discover", R"({"title":"Movies"})"}};
  notice.labels = {{"owner", "group:default/film"}};
  notice.since = std::chrono::sys_days{std::chrono::year{2026} / 11 / 24} + std::chrono::hours{12};
  notice.reminders = 2;
  notice.is_escalated = true;
  notice.escalate_to = {"lead@example.org"};
  const variables defaults{{"SKEIN_MAIL_FROM", "skein@localhost"}, {"SKEIN_OUTBOX", "/films/o"}};
  const auto made = plan_digest("scan-1-email", {notice}, agent, defaults, facts());
  REQUIRE(made);
  CHECK(made->environment.at("SKEIN_MAIL_FROM") == "films@example.org");
  CHECK(made->environment.at("SKEIN_OUTBOX") == "/films/o");
  CHECK(nlohmann::json::parse(made->input) == nlohmann::json::parse(R"({
    "digest": "scan-1-email", "notices": [{"migration": "movies@v2", "dataset": "movies",
      "kind": "held", "reason": "somebody reads Title", "current_version": "v1",
      "target_version": "v2", "owner": "group:default/film", "step": "", "attempt": 0,
      "epoch": 0, "inputs": {"discover": {"title": "Movies"}},
      "since": "2026-11-24T12:00:00.000000Z", "reminder": 2, "escalated": true,
      "escalate_to": ["lead@example.org"]}]})"));
}

TEST_CASE("the SMTP password is only named in the defaults, and resolved at launch") {
  config::workspace space;
  space.root = "/films";
  space.data = "/films/data";
  space.notifications.smtp.url = "smtp://mail:587";
  space.notifications.smtp.password_env = "MAIL_PASSWORD";
  space.notifications.outbox = "/films/outbox";
  const auto defaults = default_environment(space, "http://127.0.0.1:1", "nats://127.0.0.1:2");
  config::agent agent;
  agent.name = "dataset-scanner";
  agent.command = {"dataset-scanner"};
  for (const auto& [name, value] : defaults)
    CHECK(value.find("opensesame") == value.npos);
  const auto made = plan_scan("scan-9", agent, defaults, facts());
  REQUIRE(made);
  CHECK(made->environment.at("SKEIN_SMTP_PASSWORD") == "opensesame");
  CHECK(made->environment.at("SKEIN_SMTP_STARTTLS") == "1");
  CHECK(made->environment.at("METADATA_API") == "http://127.0.0.1:1");
  CHECK(made->environment.at("SKEIN_SCAN_ID") == "scan-9");
  CHECK(made->environment.at("SKEIN_DATA_ROOT") == "/films/data");
}

TEST_CASE("what an operator gives a step is merged into its input") {
  auto work = assignment();
  work.inputs["check"] = R"({"rows": 3})";
  work.input = R"({"limit": 5, "scan": null, "inputs": {"check": {"rows": 4}}})";
  const auto given = nlohmann::json::parse(planned(work).input);
  CHECK(given["limit"] == 5);
  CHECK_FALSE(given.contains("scan"));
  CHECK(given["inputs"]["check"]["rows"] == 4);
  CHECK(given["migration"] == "movies@v2");
  work.input = "[1]";
  CHECK_THAT(refusal(work), Catch::Contains("override the input again"));
}
