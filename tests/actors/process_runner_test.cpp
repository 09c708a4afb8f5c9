#include "actors/agent_output.hpp"
#include "actors/process_runner.hpp"
#include "actors/process_verdict.hpp"
#include "tests/cluster/support.hpp"

#include <catch2/catch.hpp>
#include <future>
#include <nlohmann/json.hpp>

using namespace skein;
using namespace skein::actors;
using namespace std::chrono_literals;

namespace {

/// Everything one run said.
struct heard {
  std::vector<std::pair<double, std::string>> progress;
  std::vector<std::string> lines;
  run_result result;
};

struct runner_fixture {
  tests::temporary_folder folder;
  process_runner runs;

  launch shell(std::string script) const {
    launch what;
    what.agent = "sh";
    what.argv = {"/bin/sh", "-c", std::move(script)};
    what.environment = {{"PATH", "/usr/bin:/bin"}};
    what.work_dir = folder.path() / "scratch";
    return what;
  }

  heard run(launch what) {
    heard all;
    std::promise<run_result> ended;
    run_callbacks out{
        [&](double share, std::string_view text) { all.progress.emplace_back(share, text); },
        [&](std::string_view stream, std::string_view text) {
          all.lines.push_back(std::string{stream} + ": " + std::string{text});
        },
        [&](run_result how) { ended.set_value(std::move(how)); }};
    auto started = runs.start(std::move(what), std::move(out));
    INFO((started ? "" : started.error().why));
    REQUIRE(started);
    all.result = ended.get_future().get();
    return all;
  }

  migration::setback failure(launch what) {
    const auto all = run(std::move(what));
    REQUIRE(std::holds_alternative<migration::setback>(all.result.outcome));
    return std::get<migration::setback>(all.result.outcome);
  }

  migration::success success(launch what) {
    const auto all = run(std::move(what));
    REQUIRE(std::holds_alternative<migration::success>(all.result.outcome));
    return std::get<migration::success>(all.result.outcome);
  }
};

} // namespace

TEST_CASE_METHOD(runner_fixture, "an agent's progress, lines and output are told apart") {
  auto what = shell(R"(echo '{"progress":0.25,"message":"reading"}'; echo hello; echo oops >&2
                       echo '{"progress":7}'; echo '{"other":1}'
                       echo '{"output":{"rows":3,"labels":{"owner":"a"},"hold":"ask Ann"}}')");
  const auto all = run(std::move(what));
  CHECK(all.progress == std::vector<std::pair<double, std::string>>{{0.25, "reading"}, {1.0, ""}});
  CHECK_THAT(all.lines, Catch::UnorderedEquals(std::vector<std::string>{
                            "stdout: hello", "stderr: oops", R"(stdout: {"other":1})"}));
  const auto& good = std::get<migration::success>(all.result.outcome);
  CHECK(nlohmann::json::parse(good.output)["rows"] == 3);
  CHECK(good.labels == migration::labels{{"owner", "a"}});
  CHECK(good.hold == "ask Ann");
}

TEST_CASE_METHOD(runner_fixture, "an agent reads its input, and works in a folder of its own") {
  auto what = shell(R"sh(touch left
                          printf '{"output":{"in":"%s","at":"%s"}}\n' "$(cat)" "$PWD")sh");
  what.input = "given";
  const auto scratch = what.work_dir;
  const auto output = nlohmann::json::parse(success(std::move(what)).output);
  CHECK(output["in"] == "given");
  CHECK(output["at"] == scratch.string());
  CHECK_FALSE(std::filesystem::exists(scratch));
}

TEST_CASE_METHOD(runner_fixture, "how a process ends decides the class of its failure") {
  const auto [script, kind, why] = GENERATE(table<std::string, error_class, std::string>({
      {"echo ' later '>&2; exit 75", error_class::transient, " later "},
      {"exit 75", error_class::transient, "asked for a retry without a reason"},
      {"echo bad data >&2; echo >&2; exit 3", error_class::permanent, "bad data"},
      {"exit 3", error_class::permanent, "the agent exited with code 3"},
      {"exit 127", error_class::permanent, "the agent exited with code 127"},
      {"echo 'terminate called: std::bad_alloc' >&2; exit 1", error_class::out_of_memory,
       "ran out of memory: terminate called: std::bad_alloc"},
      {"echo 'Out of Memory Error' >&2; exit 75", error_class::transient, "Out of Memory Error"},
      {"kill -9 $$", error_class::out_of_memory,
       "killed from outside, most likely for lack of memory"},
      {"kill -11 $$", error_class::permanent,
       "the agent was killed by signal 11 (Segmentation fault)"},
  }));
  const auto got = failure(shell(script));
  CHECK(got.kind == kind);
  CHECK(got.why == why);
}

TEST_CASE_METHOD(runner_fixture, "limits end an agent, each with its own class") {
  auto slow = shell("trap 'exit 0' TERM; while :; do sleep 0.01; done");
  slow.limits.wall = 100ms;
  CHECK(failure(std::move(slow)).kind == error_class::timeout);
  auto busy = shell("while :; do :; done");
  busy.limits.cpu = 1s;
  const auto got = failure(std::move(busy));
  CHECK(got.kind == error_class::permanent);
  CHECK(got.why == "used more than 1 s of CPU");
}

TEST_CASE_METHOD(runner_fixture, "a run that is told to stop is lost, even if it exits with 0") {
  std::promise<run_result> ended;
  std::promise<void> ready;
  auto started = runs.start(shell("trap 'exit 0' TERM; echo up; while :; do sleep 0.01; done"),
                            {[](double, std::string_view) {},
                             [&](std::string_view, std::string_view text) {
                               if (text == "up")
                                 ready.set_value();
                             },
                             [&](run_result how) { ended.set_value(std::move(how)); }});
  REQUIRE(started);
  ready.get_future().wait();
  (*started)->stop(10s);
  const auto result = ended.get_future().get();
  REQUIRE(std::holds_alternative<migration::setback>(result.outcome));
  CHECK(std::get<migration::setback>(result.outcome).kind == error_class::lost);
}

TEST_CASE_METHOD(runner_fixture, "an output that is no output fails the attempt") {
  CHECK_THAT(failure(shell(R"(echo '{"output":[1]}')")).why, Catch::Contains("not a JSON object"));
  CHECK_THAT(failure(shell(R"(echo '{"output":{"labels":{"a":1}}}')")).why,
             Catch::Contains("label `a`"));
  CHECK_THAT(failure(shell(R"(echo '{"output":{"hold":true}}')")).why, Catch::Contains("`hold`"));
  CHECK_THAT(failure(shell(R"(echo '{"output":{"cut')")).why, Catch::Contains("not valid JSON"));
  CHECK_THAT(failure(shell(R"(printf '{"output":{"x":"'; head -c 300000 /dev/zero | tr '\0' x
                              echo '"}}')"))
                 .why,
             Catch::Contains("more than the 262144"));
  CHECK_THAT(failure(shell(R"(printf '{"output":{"x":"'; head -c 2000000 /dev/zero | tr '\0' x
                              echo '"}}')"))
                 .why,
             Catch::Contains("longer than 1 MiB"));
}

TEST_CASE_METHOD(runner_fixture, "without an output a success is empty; the last output counts") {
  CHECK(success(shell("true")).output.empty());
  CHECK(success(shell(R"(echo '{"output":[1]}'; echo '{"output":{"a":1}}'; echo done)")).output
        == R"({"a":1})");
}

TEST_CASE_METHOD(runner_fixture, "a program that is not there is beyond help by another try") {
  auto what = shell("");
  what.argv = {"no-such-agent"};
  const auto scratch = what.work_dir;
  const auto started = runs.start(std::move(what), {});
  REQUIRE(!started);
  CHECK(started.error().kind == error_class::permanent);
  CHECK_THAT(started.error().why, Catch::Contains("no-such-agent"));
  CHECK_FALSE(std::filesystem::exists(scratch));
}

TEST_CASE_METHOD(runner_fixture, "an image is not used, and a line says so") {
  auto what = shell("echo ran");
  what.image = "honk-agent:latest";
  const auto all = run(std::move(what));
  REQUIRE(all.lines.size() == 2);
  CHECK_THAT(all.lines[0], Catch::Contains("image honk-agent:latest is not used"));
}

TEST_CASE_METHOD(runner_fixture, "secrets do not come out again") {
  auto what = shell(R"(echo key opensesame; echo opensesame refused >&2; exit 1)");
  what.secrets = {"opensesame"};
  const auto all = run(std::move(what));
  CHECK_THAT(all.lines, Catch::UnorderedEquals(
                            std::vector<std::string>{"stdout: key ***", "stderr: *** refused"}));
  CHECK(std::get<migration::setback>(all.result.outcome).why == "*** refused");
}

TEST_CASE_METHOD(runner_fixture, "secrets do not come out again as JSON spells them") {
  auto what = shell(R"(echo '{"progress":0.5,"message":"with p\u0061ss\"word"}'
                       echo '{"output":{"a":"p\u0061ss\"word","hold":"pass\"word",
                              "labels":{"owner":"pass\"w\u006frd"}}}' | tr -d '\n')");
  what.secrets = {"pass\"word"};
  const auto all = run(std::move(what));
  CHECK(all.progress == std::vector<std::pair<double, std::string>>{{0.5, "with ***"}});
  const auto& good = std::get<migration::success>(all.result.outcome);
  CHECK(nlohmann::json::parse(good.output)["a"] == "***");
  CHECK(good.hold == "***");
  CHECK(good.labels.at("owner") == "***");
}

TEST_CASE("a reason is the end of stderr: non-empty lines, bounded, valid UTF-8") {
  CHECK(reason_from("") == "");
  CHECK(reason_from("\n \n") == "");
  CHECK(reason_from("first\n\nlast\n") == "first\nlast");
  CHECK(reason_from("a\xFF"
                    "b \xE2\x82\xAC \x1B[31m\n")
        == "a\xEF\xBF\xBD"
           "b \xE2\x82\xAC [31m");
  std::string many;
  for (int i = 0; i < 1000; ++i)
    many += "line " + std::to_string(i) + "\n";
  const auto reason = reason_from(many);
  CHECK(reason.size() <= 2048);
  CHECK_THAT(reason, Catch::EndsWith("line 998\nline 999"));
  CHECK(reason_from(std::string(5000, 'x')).size() == 2048);
}

TEST_CASE("no line of an agent can crash its reader") {
  CHECK(std::holds_alternative<plain_line>(read_agent_line("")));
  CHECK(std::holds_alternative<plain_line>(read_agent_line("{")));
  CHECK(std::holds_alternative<plain_line>(read_agent_line(R"({"progress":"much"})")));
  CHECK(std::holds_alternative<progress_line>(
            read_agent_line(R"(  {"progress":1e999999999,"message":3})"))
        == false);
  const auto deep = R"({"output":)" + std::string(200'000, '[');
  const auto line = read_agent_line(deep);
  REQUIRE(std::holds_alternative<output_line>(line));
  CHECK_FALSE(std::get<output_line>(line).result);
}
