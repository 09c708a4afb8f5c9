#pragma once

#include "store/event_log.hpp"
#include "tools/skein/command.hpp"

/// The subcommands of `skein audit`: each is one file with one function, as the commands are. To
/// add one, write that file and add a line to the table in audit.cpp.
namespace skein::console {

action add_audit_verify(CLI::App& to);
action add_audit_head(CLI::App& to);
action add_audit_key(CLI::App& to);
action add_audit_prove(CLI::App& to);
action add_audit_check(CLI::App& to);
action add_audit_root(CLI::App& to);
action add_audit_redecide(CLI::App& to);

/// The log in a state folder, whether or not a daemon is at work on it.
outcome<std::unique_ptr<store::log_follower>> open_log_beside(const std::filesystem::path& state);

/// The same, to be read by sequence alone: also when parts of it are damaged.
outcome<std::unique_ptr<store::log_reader>> open_events_beside(const std::filesystem::path& state);

} // namespace skein::console
