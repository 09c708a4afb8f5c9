#include "program.hpp"

#include "cluster/child_process.hpp"
#include "tests/cluster/support.hpp"

#include <catch2/catch.hpp>
#include <csignal>
#include <mutex>

namespace skein::agents::test {

namespace {

std::string last_line(std::string text) {
  while (!text.empty() && text.back() == '\n')
    text.pop_back();
  return text.substr(text.rfind('\n') + 1);
}

} // namespace

program_run run_program(program_options asked) {
  program_run run;
  cluster::spawn_options options;
  options.argv = asked.argv;
  options.env = tests::plain_environment();
  options.env.insert(asked.env.begin(), asked.env.end());
  options.stdin_data = asked.input;
  options.limits.wall = std::chrono::seconds{60};
  std::unique_ptr<cluster::child_process> child;
  std::mutex started;
  std::unique_lock starting{started};
  options.on_stdout_line = [&](std::string_view line) {
    run.text += std::string{line} + "\n";
    auto parsed = nlohmann::json::parse(line, nullptr, false);
    if (parsed.is_object() && parsed.contains("output"))
      run.output = parsed["output"];
    if (!asked.terminate_at.empty() && parsed.value("message", "") == asked.terminate_at) {
      const std::lock_guard there{started};
      ::kill(child->pid(), SIGTERM);
    }
    run.lines.push_back(std::move(parsed));
  };
  auto spawned = cluster::child_process::spawn(std::move(options));
  if (!spawned)
    FAIL(spawned.error().what);
  child = std::move(*spawned);
  starting.unlock();
  const auto status = child->wait();
  CAPTURE(status.stderr_tail);
  CHECK(status.signal == 0);
  run.exit_code = status.exit_code;
  run.reason = last_line(status.stderr_tail);
  return run;
}

} // namespace skein::agents::test
