#include "cluster/child_process.hpp"

#include "tests/cluster/support.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <future>
#include <sys/resource.h>
#include <thread>

using namespace skein;
using namespace skein::cluster;
using namespace std::chrono_literals;
using skein::tests::eventually;

namespace {

struct outcome {
  exit_status status;
  std::vector<std::string> out, err;
};

outcome run(spawn_options options) {
  outcome seen;
  options.on_stdout_line = [&](std::string_view line) { seen.out.emplace_back(line); };
  options.on_stderr_line = [&](std::string_view line) { seen.err.emplace_back(line); };
  if (options.env.empty())
    options.env = tests::plain_environment();
  auto child = child_process::spawn(std::move(options));
  REQUIRE(child);
  seen.status = (*child)->wait();
  return seen;
}

outcome shell(const std::string& script, process_limits limits = {}) {
  spawn_options options;
  options.argv = {"/bin/sh", "-c", script};
  options.limits = limits;
  return run(std::move(options));
}

std::string why_not(std::vector<std::string> argv, const std::string& cwd = "") {
  spawn_options options;
  options.argv = std::move(argv);
  options.env = tests::plain_environment();
  options.cwd = cwd;
  auto child = child_process::spawn(std::move(options));
  REQUIRE_FALSE(child);
  return child.error().what;
}

bool gone(pid_t pid) {
  std::ifstream stat{"/proc/" + std::to_string(pid) + "/stat"};
  std::string id, name, state;
  return !(stat >> id >> name >> state) || state == "Z";
}

} // namespace

TEST_CASE("a program's lines, exit code and environment") {
  spawn_options options;
  options.argv = {"sh", "-c", "echo one; echo \"$WORD\"; echo bad >&2; printf last; exit 7"};
  options.env = tests::plain_environment();
  options.env["WORD"] = "two words";
  const auto seen = run(std::move(options));
  CHECK(seen.out == std::vector<std::string>{"one", "two words", "last"});
  CHECK(seen.err == std::vector<std::string>{"bad"});
  CHECK(seen.status.exit_code == 7);
  CHECK(seen.status.stderr_tail == "bad\n");
  CHECK(describe(seen.status) == "exited with code 7");
}

TEST_CASE("nothing of our environment reaches the program") {
  setenv("SKEIN_TEST_SECRET", "leaked", 1);
  CHECK(shell("echo \"[$SKEIN_TEST_SECRET]\"").out == std::vector<std::string>{"[]"});
}

TEST_CASE("a program may open as many files as is usual, however many we may") {
  rlimit before{};
  REQUIRE(getrlimit(RLIMIT_NOFILE, &before) == 0);
  const rlimit all{before.rlim_max, before.rlim_max};
  REQUIRE(setrlimit(RLIMIT_NOFILE, &all) == 0);
  const auto seen = shell("ulimit -Sn; ulimit -Hn");
  setrlimit(RLIMIT_NOFILE, &before);
  REQUIRE(seen.out.size() == 2);
  CHECK(std::stoul(seen.out[0]) == std::min<rlim_t>(1024, before.rlim_max));
  CHECK(seen.out[1] == std::to_string(before.rlim_max));
}

TEST_CASE("a missing program is told apart from its own 127") {
  CHECK_THAT(why_not({"skein-no-such-agent"}),
             Catch::Contains("skein-no-such-agent not found on PATH /usr/local/bin")
                 && Catch::Contains("correct `command`"));
  CHECK_THAT(why_not({"/no/such/agent"}), Catch::Contains("/no/such/agent does not exist"));
  CHECK_THAT(why_not({"/etc/passwd"}), Catch::Contains("is not an executable file"));
  CHECK_THAT(why_not({}), Catch::Contains("no program to run"));
  CHECK(shell("exit 127").status.exit_code == 127);
}

TEST_CASE("a script without its interpreter and a missing folder fail before anything runs") {
  tests::temporary_folder folder;
  const auto script = folder / "script";
  std::ofstream{script} << "#!/no/such/interpreter\n";
  std::filesystem::permissions(script, std::filesystem::perms::owner_all);
  CHECK_THAT(why_not({script}), Catch::Contains("cannot run agent binary " + script)
                                    && Catch::Contains("No such file"));
  CHECK_THAT(why_not({"/bin/true"}, "/no/such/folder"),
             Catch::Contains("entering the folder /no/such/folder"));
}

TEST_CASE("a relative program is looked for in the working folder") {
  tests::temporary_folder folder;
  const auto script = folder / "here";
  std::ofstream{script} << "#!/bin/sh\npwd\n";
  std::filesystem::permissions(script, std::filesystem::perms::owner_all);
  spawn_options options;
  options.argv = {"./here"};
  options.cwd = folder.path().string();
  CHECK(run(std::move(options)).out == std::vector<std::string>{folder.path().string()});
}

TEST_CASE("5 MB go through cat without a deadlock") {
  spawn_options options;
  options.argv = {"cat"};
  const std::string line(999, 'x');
  for (int i = 0; i < 5000; ++i)
    options.stdin_data += line + "\n";
  const auto seen = run(std::move(options));
  CHECK(seen.status.success());
  CHECK(seen.out == std::vector<std::string>(5000, line));
}

TEST_CASE("a program may leave its stdin unread") {
  spawn_options options;
  options.argv = {"/bin/true"};
  options.stdin_data.assign(1 << 20, 'x');
  CHECK(run(std::move(options)).status.success());
}

TEST_CASE("stderr_tail is the last 8 KiB") {
  const auto seen = shell("i=0; while [ $i -lt 3000 ]; do echo line $i >&2; i=$((i+1)); done");
  CHECK(seen.status.stderr_tail.size() == 8 << 10);
  CHECK_THAT(seen.status.stderr_tail, Catch::EndsWith("line 2999\n"));
  CHECK(seen.err.size() == 3000);
}

TEST_CASE("output beyond its bound is dropped, and the program goes on") {
  const auto seen = shell("head -c 3000000 /dev/zero; exit 4", {.output_bytes = 1000});
  CHECK(seen.status.output_lost);
  CHECK(seen.status.exit_code == 4);
  REQUIRE(seen.out.size() == 1);
  CHECK(seen.out[0].size() == 1000);
}

TEST_CASE("the processor time limit") {
  const auto seen = shell("while :; do :; done", {.cpu_seconds = 1});
  CHECK(seen.status.signal == SIGXCPU);
  CHECK(seen.status.cpu_limit_hit);
  CHECK(seen.status.user_time > 0ms);
  CHECK_THAT(describe(seen.status), Catch::Contains("processor time limit"));
}

TEST_CASE("a program that ignores SIGXCPU is killed for its processor time") {
  const auto seen = shell("trap '' XCPU; while :; do :; done", {.cpu_seconds = 1});
  CHECK(seen.status.signal == SIGKILL);
  CHECK(seen.status.cpu_limit_hit);
}

TEST_CASE("the memory limit makes allocations fail") {
  const auto script = "head -c 200000000 /dev/zero | tail -c 100000000 | wc -c";
  const auto limited = shell(script, {.memory_bytes = 50 << 20});
  CHECK(limited.out != shell(script).out);
  CHECK_THAT(limited.status.stderr_tail, Catch::Contains("memory exhausted"));
}

TEST_CASE("the time limit ends the program with SIGTERM, then SIGKILL") {
  const auto polite = shell("exec sleep 3600", {.wall = 100ms});
  CHECK(polite.status.timed_out);
  CHECK(polite.status.signal == SIGTERM);
  const auto stubborn
      = shell("trap '' TERM; while :; do sleep 0.1; done", {.wall = 100ms, .grace = 100ms});
  CHECK(stubborn.status.timed_out);
  CHECK(stubborn.status.signal == SIGKILL);
}

TEST_CASE("terminate ends the program; a grandchild that ignores SIGTERM dies too") {
  std::atomic<pid_t> grandchild{0};
  spawn_options options;
  options.argv = {"/bin/sh", "-c", "(trap '' TERM; while :; do sleep 0.1; done) & echo $!; wait"};
  options.env = tests::plain_environment();
  options.on_stdout_line = [&](std::string_view line) {
    grandchild = static_cast<pid_t>(std::stoi(std::string{line}));
  };
  auto child = child_process::spawn(std::move(options));
  REQUIRE(child);
  REQUIRE(eventually([&] { return grandchild != 0; }));
  (*child)->terminate(10s);
  CHECK((*child)->wait().terminated);
  CHECK(eventually([&] { return gone(grandchild); }));
}

TEST_CASE("what a program leaves running in its group ends with it") {
  const auto seen = shell("sleep 3600 >/dev/null 2>&1 & echo $!");
  CHECK(seen.status.success());
  CHECK(eventually([&] { return gone(std::stoi(seen.out.at(0))); }));
}

TEST_CASE("a descendant that left the group holds up nobody") {
  tests::temporary_folder folder;
  spawn_options options;
  options.argv = {"sh", "-c",
                  "setsid sh -c 'echo $$ > left; exec sleep 3600' & "
                  "while [ ! -s left ]; do :; done; cat left"};
  options.cwd = folder.path().string();
  const auto seen = run(std::move(options));
  CHECK(seen.status.success());
  kill(std::stoi(seen.out.at(0)), SIGKILL);
}

TEST_CASE("destroying the handle kills the program and tells on_exit first") {
  std::atomic<int> exits{0};
  spawn_options options;
  options.argv = {"/bin/sleep", "3600"};
  options.on_exit = [&](const exit_status& status) { exits += status.signal == SIGKILL ? 1 : 100; };
  auto child = child_process::spawn(std::move(options));
  REQUIRE(child);
  child->reset();
  CHECK(exits == 1);
}

TEST_CASE("a handle may be destroyed by its own on_exit") {
  std::promise<std::unique_ptr<child_process>> handed;
  auto handle = handed.get_future();
  std::atomic<bool> destroyed{false};
  spawn_options options;
  options.argv = {"/bin/true"};
  options.on_exit = [&](const exit_status&) {
    handle.get().reset();
    destroyed = true;
  };
  auto child = child_process::spawn(std::move(options));
  REQUIRE(child);
  handed.set_value(std::move(*child));
  CHECK(eventually([&] { return destroyed.load(); }));
}

TEST_CASE("a child dies with us even when we are killed") {
  std::atomic<pid_t> grandchild{0};
  spawn_options options;
  options.argv = {SKEIN_TEST_PARENT};
  options.env = tests::plain_environment();
  options.on_stdout_line = [&](std::string_view line) {
    grandchild = static_cast<pid_t>(std::stoi(std::string{line}));
  };
  auto parent = child_process::spawn(std::move(options));
  REQUIRE(parent);
  REQUIRE(eventually([&] { return grandchild != 0; }));
  REQUIRE_FALSE(gone(grandchild));
  kill((*parent)->pid(), SIGKILL);
  CHECK(eventually([&] { return gone(grandchild); }));
}

TEST_CASE("no descriptor of ours reaches the program") {
  const int leak = open("/dev/null", O_RDONLY);
  const auto seen = shell("ls /proc/self/fd | wc -l");
  close(leak);
  CHECK(seen.out == std::vector<std::string>{"4"}); // 0, 1, 2 and the folder that ls reads
}

TEST_CASE("memory in use is the program's own, not ours") {
  const std::string ours(200 << 20, 'x');
  const auto seen = shell("sleep 0.3");
  CHECK(ours.back() == 'x');
  CHECK(seen.status.max_rss_bytes > 0);
  CHECK(seen.status.max_rss_bytes < 50 << 20);
}

TEST_CASE("many children at once from short-lived threads") {
  std::atomic<int> succeeded{0};
  std::vector<std::unique_ptr<child_process>> children(20);
  for (auto& child : children)
    std::thread{[&] {
      spawn_options options;
      options.argv = {"/bin/sh", "-c", "read line; echo $line"};
      options.stdin_data = "hello\n";
      options.on_exit = [&](const exit_status& status) { succeeded += status.success(); };
      child = std::move(*child_process::spawn(std::move(options)));
    }}.join();
  for (auto& child : children)
    child->wait();
  CHECK(succeeded == 20);
}
