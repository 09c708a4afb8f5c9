#include "tools/skein/command.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <clocale>
#include <cstdio>
#include <exception>

namespace {

using namespace skein::console;

constexpr command commands[]{
    {"run", "Migrates what is pending in a workspace, to the end", add_run},
    {"status", "How many migrations there are in each phase, and how far the view is", add_status},
    {"list", "The migrations, one line each", add_list},
    {"failures", "What rests parked, held or quarantined, put together by why", add_failures},
    {"show", "All about one migration, and what to do next", add_show},
    {"events", "What happened, to one migration or to all", add_events},
    {"replay", "One migration or all, as of any time, rebuilt from the log alone", add_replay},
    {"diff", "What changed between two points in time", add_diff},
    {"watch", "Follows what happens, live from the bus", add_watch},
    {"console", "The whole of it on a full screen, live: looks, finds, and gives orders",
     add_console},
    {"scan", "Looks for pending datasets now", add_scan},
    {"retry", "Tries what a migration is held, parked or quarantined for again", add_retry},
    {"approve", "Agrees with what a migration is held for", add_approve},
    {"reject", "Says no to what a migration is held for", add_reject},
    {"hold", "Starts nothing new of a migration before somebody approves or rejects", add_hold},
    {"cancel", "Ends a migration for good", add_cancel},
    {"pause", "Starts nothing new of a migration, a pool, an owner or a storage", add_pause},
    {"resume", "Lets what was paused go on", add_resume},
    {"skip", "Has a migration go on without one of its steps", add_skip},
    {"override", "Gives a step of a migration something besides its input", add_override},
    {"priority", "Has a migration's steps start sooner or later than others", add_priority},
    {"rollback", "Puts the old version of a migrated dataset back", add_rollback},
    {"bulk", "One order for many migrations: start, list, show, stop", add_bulk},
    {"halt", "Stops admission, leases and the attempts that run; undoes nothing", add_halt},
    {"go", "Lets a halted fleet go on", add_go},
    {"steering", "What is halted or paused, and which limits were changed", add_steering},
    {"limit", "Shows the limits, or changes one at once", add_limit},
    {"notify", "Tries whether people can be told: test", add_notify},
    {"check", "Checks workspaces and single files, without running anything", add_check},
    {"doctor", "Checks an installation, and says what to mend", add_doctor},
    {"audit", "What the log can prove, and whether it is still what was written", add_audit},
    {"log", "The log as a file: export, import, verify", add_log},
    {"token", "Who may call the HTTP interface: create, list, revoke", add_token},
    {"bus", "Who may connect to the bus, and what each role may do there", add_bus},
};

constexpr auto footer = "Exit codes: 0 ok, 1 it failed or was refused, 2 usage, 3 not found, 4 "
                        "skeind is not running.";

int code_of(const trouble& why) {
  std::fprintf(stderr, "skein: %s\n", why.what.c_str());
  return static_cast<int>(why.code);
}

int run(int argc, char** argv) {
  CLI::App app{"The admin console of Skein, which migrates fleets of datasets", "skein"};
  session common;
  common.out = standard_output();
  std::string workspace = ".";
  app.add_option("-w,--workspace", workspace, "Folder of the workspace")
      ->envname("SKEIN_WORKSPACE")
      ->capture_default_str();
  app.add_flag("--json", common.json, "JSON for programs");
  app.fallthrough();
  app.footer(footer);
  const auto chosen = add_commands(app, commands);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : static_cast<int>(exit_code::usage);
  }
  common.workspace = workspace;
  const auto done = chosen(common);
  return done ? 0 : code_of(done.error());
}

} // namespace

int main(int argc, char** argv) {
  // For the width of characters only: numbers and messages stay as they are.
  std::setlocale(LC_CTYPE, "C.UTF-8");
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    return code_of({exit_code::refused, error.what()});
  }
}
