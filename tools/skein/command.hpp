#pragma once

#include "tools/skein/outcome.hpp"
#include "tools/skein/session.hpp"

#include <functional>

namespace CLI {
class App;
}

/// A command is one file with one function: it adds its options to its subcommand, and answers what
/// to do once they are parsed. To add a command, write that file and add a line to the table in
/// main.cpp. Results go to standard output; what went wrong comes back as a trouble.
namespace skein::console {

using action = std::function<outcome<void>(const session&)>;

struct command {
  const char* name;
  const char* summary;
  action (*add)(CLI::App& to);
};

action add_run(CLI::App& to);
action add_status(CLI::App& to);
action add_list(CLI::App& to);
action add_failures(CLI::App& to);
action add_show(CLI::App& to);
action add_events(CLI::App& to);
action add_replay(CLI::App& to);
action add_watch(CLI::App& to);
action add_scan(CLI::App& to);
action add_retry(CLI::App& to);
action add_approve(CLI::App& to);
action add_pause(CLI::App& to);
action add_resume(CLI::App& to);
action add_cancel(CLI::App& to);
action add_check(CLI::App& to);
action add_audit(CLI::App& to);
action add_log(CLI::App& to);
action add_diff(CLI::App& to);
action add_token(CLI::App& to);

} // namespace skein::console
