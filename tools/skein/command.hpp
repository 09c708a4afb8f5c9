#pragma once

#include "tools/skein/outcome.hpp"
#include "tools/skein/session.hpp"

#include <functional>
#include <span>
#include <string>

namespace CLI {
class App;
}

/// A command is one file with one function: it adds its options to its subcommand, and answers what
/// to do once they are parsed. To add a command, write that file and add a line to the table in
/// main.cpp. Results go to standard output; what went wrong comes back as a trouble.
namespace skein::console {

using action = std::function<outcome<void>(const session&)>;

/// What a command prints: decides which --output, and whether --watch, means anything to it.
enum class prints : uint8_t {
  page,    ///< text or JSON
  text,    ///< nothing but text
  table,   ///< rows as of now: also wide, csv, and again and again
  rows,    ///< rows of what happened, as they come: also wide and csv
  nothing, ///< it has commands of its own, which say for themselves
};

struct command {
  const char* name;
  const char* summary;
  action (*add)(CLI::App& to);
  prints what = prints::page;
};

/// Adds them as subcommands, of which one must be given; answers what does it.
action add_commands(CLI::App& to, std::span<const command> all);

action add_run(CLI::App& to);
action add_status(CLI::App& to);
action add_list(CLI::App& to);
action add_failures(CLI::App& to);
action add_show(CLI::App& to);
action add_events(CLI::App& to);
action add_logs(CLI::App& to);
action add_replay(CLI::App& to);
action add_watch(CLI::App& to);
action add_console(CLI::App& to);
action add_scan(CLI::App& to);
action add_retry(CLI::App& to);
action add_approve(CLI::App& to);
action add_pause(CLI::App& to);
action add_resume(CLI::App& to);
action add_cancel(CLI::App& to);
action add_hold(CLI::App& to);
action add_reject(CLI::App& to);
action add_skip(CLI::App& to);
action add_override(CLI::App& to);
action add_priority(CLI::App& to);
action add_rollback(CLI::App& to);
action add_check(CLI::App& to);
action add_doctor(CLI::App& to);
action add_audit(CLI::App& to);
action add_log(CLI::App& to);
action add_diff(CLI::App& to);
action add_token(CLI::App& to);
action add_bus(CLI::App& to);
action add_halt(CLI::App& to);
action add_go(CLI::App& to);
action add_steering(CLI::App& to);
action add_limit(CLI::App& to);
action add_bulk(CLI::App& to);
action add_notify(CLI::App& to);
action add_pools(CLI::App& to);
action add_context(CLI::App& to);
action add_completion(CLI::App& to);
action add_manual(CLI::App& to);

struct order_options;

/// Pauses or resumes a pool, an owner or a storage system.
outcome<void> steer_scope(const session&, const std::string& order, const std::string& scope,
                          const std::string& name, const order_options&);

} // namespace skein::console
