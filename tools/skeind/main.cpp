#include "tools/skeind/options.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdio>
#include <exception>
#include <map>
#include <sys/resource.h>

namespace {

using namespace skein;

const std::map<std::string, log::level> levels{{"debug", log::level::debug},
                                               {"info", log::level::info},
                                               {"warning", log::level::warning},
                                               {"error", log::level::error}};

constexpr auto footer
    = "Writes its log to skeind.log in the workspace's state folder. Stops cleanly "
      "on SIGINT and SIGTERM.\n"
      "Exit codes: 0 stopped as asked, 1 could not start or kept failing, 2 usage.";

/// Each reader of the live events is an open file, and the usual limit is 1024. Agents get the
/// usual one back (cluster/skein_exec.cpp).
void raise_open_files() {
  struct rlimit now {};
  if (getrlimit(RLIMIT_NOFILE, &now) != 0)
    return;
  now.rlim_cur = now.rlim_max;
  (void)setrlimit(RLIMIT_NOFILE, &now); // else it serves fewer at once
}

int run(int argc, char** argv) {
  CLI::App app{
      "The daemon of Skein, which migrates fleets of datasets. Holds all roles by default; "
      "each can also run alone on a host of its own.",
      "skeind"};
  daemon::options given;
  std::string workspace = ".";
  std::vector<std::string> roles;
  app.add_option("-w,--workspace", workspace, "Folder of the workspace")
      ->envname("SKEIN_WORKSPACE")
      ->capture_default_str();
  app.add_option("--role", roles, "Only this role; may be given several times")
      ->check(CLI::IsMember({"coordinator", "scanner", "fleet", "notifier"}));
  app.add_option("--nats", given.nats_url,
                 "URL of the NATS server (default: the workspace's, or an "
                 "embedded one)");
  app.add_option("--metadata", given.metadata_url,
                 "URL of the metadata API, for a role away from "
                 "its coordinator");
  app.add_option("--worker", given.worker, "Name that tells workers of one host apart")
      ->capture_default_str();
  app.add_flag("--log-to-stderr", given.log_to_stderr, "Log to stderr instead of skeind.log");
  app.add_flag("--start-paused", given.start_paused,
               "Halt the fleet before anything begins; skein go lets it go on");
  app.add_option("--log-level", given.least, "debug, info, warning or error")
      ->transform(CLI::CheckedTransformer(levels, CLI::ignore_case));
  app.footer(footer);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  given.workspace = workspace;
  given.roles = {roles.begin(), roles.end()};
  raise_open_files();
  const auto done = daemon::run(given);
  if (done)
    return 0;
  log::error("daemon-failed", "{}", done.error().what);
  std::fprintf(stderr, "skeind: %s\n", done.error().what.c_str());
  return 1;
}

} // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "skeind: %s\n", error.what());
    return 1;
  }
}
