#include "tools/skein/command.hpp"
#include "tools/skein/complete.hpp"
#include "tools/skein/context_file.hpp"
#include "tools/skein/print.hpp"
#include "tools/skein/terminal.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>
#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <map>

namespace {

using namespace skein::console;

constexpr command commands[]{
    {"run", "Migrates what is pending in a workspace, to the end", add_run, prints::text},
    {"status", "How many migrations there are in each phase, and how far the view is", add_status,
     prints::table},
    {"list", "The migrations, one line each", add_list, prints::table},
    {"failures", "What rests parked, held or quarantined, put together by why", add_failures,
     prints::table},
    {"show", "All about one migration, and what to do next", add_show, prints::table},
    {"events", "What happened, to one migration or to all", add_events, prints::rows},
    {"logs", "What a migration's agents said lately", add_logs, prints::rows},
    {"replay", "One migration or all, as of any time, rebuilt from the log alone", add_replay,
     prints::table},
    {"diff", "What changed between two points in time", add_diff, prints::table},
    {"watch", "Follows what happens, live from the bus", add_watch},
    {"console", "The whole of it on a full screen, live: looks, finds, and gives orders",
     add_console, prints::text},
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
    {"bulk", "One order for many migrations: start, list, show, stop", add_bulk, prints::nothing},
    {"halt", "Stops admission, leases and the attempts that run; undoes nothing", add_halt},
    {"go", "Lets a halted fleet go on", add_go},
    {"steering", "What is halted or paused, and which limits were changed", add_steering,
     prints::table},
    {"limit", "Shows the limits, or changes one at once", add_limit, prints::table},
    {"pools", "The fleet's pools: what waits, what runs, and who works", add_pools, prints::table},
    {"notify", "Tries whether people can be told: test", add_notify, prints::nothing},
    {"check", "Checks workspaces and single files, without running anything", add_check},
    {"doctor", "Checks an installation, and says what to mend", add_doctor, prints::table},
    {"audit", "What the log can prove, and whether it is still what was written", add_audit,
     prints::nothing},
    {"log", "The log as a file: export, import, verify", add_log, prints::nothing},
    {"token", "Who may call the HTTP interface: create, list, revoke", add_token, prints::nothing},
    {"bus", "Who may connect to the bus, and what each role may do there", add_bus,
     prints::nothing},
    {"context", "The clusters that this console knows by name", add_context, prints::nothing},
    {"completion", "A script that has bash or zsh complete what you type", add_completion,
     prints::text},
    {"man", "The manual page, for: skein man | man -l -", add_manual, prints::text},
};

int code_of(const trouble& why) {
  std::fprintf(stderr, "skein: %s\n", why.what.c_str());
  return static_cast<int>(why.code);
}

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

const std::map<std::string, output_format> formats{{"table", output_format::table},
                                                   {"wide", output_format::wide},
                                                   {"json", output_format::json},
                                                   {"csv", output_format::csv}};

/// The flags that every command takes.
struct common_options {
  where_to_work where;
  std::string format = "table";
  bool json = false;
  double watch_seconds = 2;
  CLI::Option* watch = nullptr;
};

void add_common_options(CLI::App& to, common_options& into) {
  to.add_option("-w,--workspace", into.where.folder,
                "Folder of the workspace (env: SKEIN_WORKSPACE) [.]")
      ->type_name("FOLDER");
  to.add_option("--context", into.where.context,
                "A cluster by name, see skein context (env: SKEIN_CONTEXT)")
      ->type_name("CONTEXT");
  to.add_option("-o,--output", into.format, "How results are shown")
      ->type_name("FORMAT")
      ->check(CLI::IsMember({"table", "wide", "json", "csv"}))
      ->capture_default_str();
  to.add_flag("--json", into.json, "The same as --output json");
  into.watch = to.add_option("--watch", into.watch_seconds,
                             "A table again and again, every so many seconds [2]")
                   ->type_name("SECONDS")
                   ->expected(0, 1)
                   ->check(CLI::Range(0.1, 86'400.0));
  to.fallthrough();
  to.footer(exit_codes);
}

/// Those work nowhere in particular: a context that is gone must not keep from choosing another.
bool needs_no_place(const CLI::App& app) {
  const auto name = app.get_subcommands().front()->get_name();
  return name == "context" || name == "completion" || name == "man";
}

int print_candidates(const CLI::App& app, const std::vector<std::string>& words) {
  for (const auto& each : complete(app, words, find_values))
    print_line(one_line(each.text) + "\t" + one_line(each.help));
  return 0;
}

outcome<session> session_of(const common_options& given, bool needs_place) {
  session result;
  result.out = standard_output();
  result.format = given.json ? output_format::json : formats.at(given.format);
  result.json = result.format == output_format::json;
  if (given.watch->count() > 0)
    result.watch = std::chrono::milliseconds{static_cast<int64_t>(given.watch_seconds * 1000)};
  auto where = given.where;
  where.context_by_env = variable("SKEIN_CONTEXT");
  where.folder_by_env = variable("SKEIN_WORKSPACE");
  if (auto chosen = choose(where, result); !chosen && needs_place)
    return tl::unexpected{chosen.error()};
  return result;
}

int run(int argc, char** argv) {
  CLI::App app{"The admin console of Skein, which migrates fleets of datasets", "skein"};
  common_options common;
  add_common_options(app, common);
  const auto chosen = add_commands(app, commands);
  // Not a command to CLI11: what is being typed need not parse.
  if (argc > 1 && std::string_view{argv[1]} == "__complete")
    return print_candidates(app, {argv + 2, argv + argc});
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : static_cast<int>(exit_code::usage);
  }
  const auto with = session_of(common, !needs_no_place(app));
  const auto done = with ? chosen(*with) : tl::unexpected{with.error()};
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
