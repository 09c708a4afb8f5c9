#pragma once

#include "config/workspace.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <sys/types.h>
#include <utility>
#include <vector>

/// What `skein doctor` looks at, as it was found, so that what is made of it (checks.hpp) can be
/// tested without a machine that is broken in that way.
namespace skein::console::doctor {

using time_point = std::chrono::system_clock::time_point;

struct workspace_facts {
  std::filesystem::path folder;
  std::vector<std::string> mistakes; ///< all that `skein check` says
  std::vector<std::string> warnings; ///< of its agents
};

/// One agent as a run of it would be launched.
struct agent_facts {
  std::string name;
  std::string program; ///< found; empty: it was not
  std::string why;     ///< then
};

struct agents_facts {
  std::vector<agent_facts> agents;
  bool as_daemon = false; ///< looked up with the running daemon's environment, else with ours
};

struct nats_facts {
  std::string url;     ///< empty: the daemon starts its own server, and none runs
  bool is_own = false; ///< the daemon's own server
  std::string program; ///< of an own server; empty: not found
  std::string version; ///< what `nats-server --version` says, or the server itself
  std::string why_not; ///< it could not be connected to
  std::optional<std::chrono::microseconds> round_trip;
  std::string without_jetstream;            ///< why JetStream does not answer; empty: it does
  std::vector<std::string> missing_streams; ///< of those that the daemon needs
  std::size_t streams = 0;                  ///< how many it needs
};

struct daemon_facts {
  enum class run_file { none, stale, alive };
  run_file file = run_file::none;
  int pid = 0;
  std::string url;
  std::string why_silent; ///< no answer; empty: it answers
  int ready_status = 0;   ///< of /readyz
  std::string ready_says;
  bool is_same_build = true; ///< its interface's description is ours to the letter
};

struct folder_facts {
  std::string role; ///< `state`, `data`, `outbox`
  std::filesystem::path path;
  bool exists = false;
  bool is_state = false; ///< the log is in it
  std::string file_system;
  uint64_t free_bytes = 0, free_inodes = 0, inodes = 0;
  std::string unwritable; ///< why a file could not be written and synced; empty: it could
  std::optional<std::chrono::microseconds> sync_time;
};

struct clock_facts {
  std::optional<std::chrono::milliseconds> ahead; ///< ours, of the daemon's clock
  std::optional<bool> is_synchronised;            ///< what the kernel says; nothing: not to be told
  std::optional<time_point> newest_event;
  time_point now;
};

/// A file or folder that only its owner should be able to read.
struct secret_facts {
  std::filesystem::path path;
  std::string what; ///< `the audit key`
  mode_t mode = 0;
  bool is_ours = true; ///< or root's
  bool is_folder = false;
};

struct certificate_facts {
  std::filesystem::path path;
  std::string why_unusable;
  std::optional<time_point> expires;
  std::optional<time_point> begins = {};
  bool is_own = false; ///< what agents and the console here show, read anew each time
};

struct http_facts {
  std::string listen;
  bool is_loopback = true;
  std::size_t tokens = 0;
  std::string tokens_unreadable;
  bool has_tls = false;
  std::vector<certificate_facts> certificates;
};

struct log_facts {
  bool exists = false;
  std::string why_unreadable;
  uint64_t last_sequence = 0;
  bool has_heads = false; ///< something was signed
  bool has_audit_key = false;
  std::string audit_key_unusable;
  std::filesystem::path audit_key;
};

struct limit_facts {
  uint64_t open_files = 0;
  uint64_t open_files_most = 0; ///< what a daemon raises it to
};

/// What could not be looked at is not there.
struct facts {
  bool is_remote = false; ///< another machine's: only what it answers can be looked at
  std::optional<workspace_facts> workspace;
  std::optional<agents_facts> agents;
  std::optional<nats_facts> nats;
  std::optional<daemon_facts> daemon;
  std::vector<folder_facts> folders;
  clock_facts clock;
  std::vector<secret_facts> secrets;
  std::optional<http_facts> http;
  std::optional<log_facts> log;
  limit_facts limits;
};

} // namespace skein::console::doctor
