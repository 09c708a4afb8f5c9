#pragma once

#include "tools/skein/doctor/facts.hpp"
#include "tools/skein/workspace_state.hpp"

/// Looks at an installation. Nothing is changed but for a small file that is written, synced and
/// removed in each folder; nothing that is wrong keeps from looking at the rest.
namespace skein::console::doctor {

/// All of a workspace on this machine.
facts gather(const std::filesystem::path& workspace);

/// What can be told of a daemon elsewhere.
facts gather_remote(const daemon&);

/// The parts, each in the file of its kind.
agents_facts gather_agents(const config::workspace&, int daemon_pid);
daemon_facts gather_daemon(const std::filesystem::path& state);
/// Asks it, and notes how far our clock is ahead of its own.
void ask_daemon(const daemon&, daemon_facts& to, clock_facts& clock);
nats_facts gather_nats(cluster::bus_options to, bool is_own, const config::workspace*);
folder_facts gather_folder(const std::string& role, const std::filesystem::path&);
std::vector<secret_facts> gather_secrets(const config::workspace&);
http_facts gather_http(const config::http&);
log_facts gather_log(const std::filesystem::path& state, const config::audit&, clock_facts& clock);
limit_facts gather_limits(int daemon_pid);
certificate_facts gather_certificate(const std::filesystem::path&);
void ask_kernel(clock_facts& to);

} // namespace skein::console::doctor
