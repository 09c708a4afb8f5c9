#include "tools/skein/audit.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>    // without these two, App has virtual functions
#include <CLI/Formatter.hpp> // that only another file defines
#include <memory>

namespace skein::console {

namespace {

constexpr command audits[]{
    {"verify", "Reads the whole log and checks it against every hash and head", add_audit_verify,
     prints::rows},
    {"head", "The newest signed head: note it, and have the log checked against it later",
     add_audit_head},
    {"key", "The public key that heads are signed with", add_audit_key},
    {"prove", "Writes a proof of one migration's events", add_audit_prove},
    {"check", "Checks a proof, with neither daemon nor log", add_audit_check, prints::rows},
    {"root", "The Merkle root of the log, worked out from its events", add_audit_root},
    {"redecide", "Where today's code would have decided otherwise than was decided",
     add_audit_redecide, prints::rows},
};

template <class Log>
outcome<std::unique_ptr<Log>>
open_beside(const std::filesystem::path& state,
            expected<std::unique_ptr<Log>> (*open)(const std::filesystem::path&)) {
  std::error_code ignored;
  if (!std::filesystem::exists(state / "log", ignored))
    return give_up(exit_code::not_found, "there is no log in " + state.string()
                                             + ": skeind has never run here; name the folder of "
                                               "the workspace with -w");
  auto log = open(state / "log");
  if (!log)
    return give_up(exit_code::refused, log.error().what);
  return std::move(*log);
}

} // namespace

outcome<std::unique_ptr<store::log_follower>> open_log_beside(const std::filesystem::path& state) {
  return open_beside(state, store::open_log_read_only);
}

outcome<std::unique_ptr<store::log_reader>> open_events_beside(const std::filesystem::path& state) {
  return open_beside(state, store::open_log_by_sequence);
}

action add_audit(CLI::App& to) { return add_commands(to, audits); }

} // namespace skein::console
