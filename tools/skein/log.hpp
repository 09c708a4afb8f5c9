#pragma once

#include "store/log_transfer.hpp"
#include "tools/skein/command.hpp"

/// The subcommands of `skein log`: each is one file with one function, as the commands are. To add
/// one, write that file and add a line to the table in log.cpp.
namespace skein::console {

action add_log_export(CLI::App& to);
action add_log_import(CLI::App& to);
action add_log_verify(CLI::App& to);

/// What an export holds, for people or as one JSON object. `done` says what became of it.
void print_exported(const session&, const std::string& done, const store::exported_log&);

} // namespace skein::console
