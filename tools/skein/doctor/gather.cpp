#include "tools/skein/doctor/gather.hpp"
#include "tools/bus_users.hpp"

#include "actors/launch_plan.hpp"
#include "cluster/launch.hpp"
#include "tools/skein/words.hpp"

#include <fstream>
#include <iterator>

namespace skein::console::doctor {

namespace {

namespace fs = std::filesystem;

workspace_facts look_at(const fs::path& folder) {
  workspace_facts result{folder, {}, {}};
  for (auto& mistake : config::check_workspace(folder))
    result.mistakes.push_back(one_line(mistake.what));
  return result;
}

/// Where it is unless skein.yaml, which cannot be read, says otherwise.
config::audit usual_audit(const fs::path& state) {
  config::audit result;
  result.key = state / "audit" / "key.pem";
  result.heads_file = state / "audit" / "heads";
  return result;
}

/// What the daemon's agents inherit; nothing if it may not be looked at.
std::map<std::string, std::string> environment_of(int pid) {
  std::ifstream in{"/proc/" + std::to_string(pid) + "/environ", std::ios::binary};
  const std::string all{std::istreambuf_iterator<char>{in}, {}};
  std::map<std::string, std::string> result;
  for (std::size_t begin = 0; begin < all.size();) {
    const auto end = std::min(all.find('\0', begin), all.size());
    const auto entry = all.substr(begin, end - begin);
    if (const auto equals = entry.find('='); equals != entry.npos)
      result[entry.substr(0, equals)] = entry.substr(equals + 1);
    begin = end + 1;
  }
  return result;
}

/// An attempt as any would be: only whether it could be launched is of interest.
bus::assignment sample_of(const config::workspace& space, const config::agent& agent) {
  bus::assignment work;
  work.migration = "any@v2";
  work.subject = {migration::subject_kind::dataset, "any", "v1", "v2"};
  work.agent = agent.name;
  work.attempt = work.epoch = 1;
  work.command = agent.command;
  work.environment = actors::default_environment(space, "http://127.0.0.1", "nats://127.0.0.1");
  for (const auto* name : {"SKEIN_API", "SKEIN_TOKEN", "SKEIN_PROGRESS_URL", "SKEIN_CA_FILE",
                           "SKEIN_CERTIFICATE_FILE", "SKEIN_KEY_FILE"})
    work.environment.emplace_back(name, "");
  work.environment.insert(work.environment.end(), agent.environment.begin(),
                          agent.environment.end());
  work.image = agent.image;
  return work;
}

agent_facts look_at(const config::workspace& space, const config::agent& agent,
                    const actors::worker_facts& here) {
  const auto run = actors::plan(sample_of(space, agent), here);
  if (!run)
    return {agent.name, {}, agent.origin + ": " + run.error().what};
  cluster::spawn_options options;
  options.argv = run->argv;
  options.env = run->environment;
  const auto found = cluster::find_program(options);
  if (!found)
    return {agent.name, {}, agent.origin + ": agent " + agent.name + ": " + found.error().what};
  return {agent.name, *found, {}};
}

} // namespace

agents_facts gather_agents(const config::workspace& space, int daemon_pid) {
  auto here = actors::facts_here(space, "doctor");
  agents_facts result;
  if (auto daemons = environment_of(daemon_pid); daemon_pid > 0 && !daemons.empty()) {
    here.environment = std::move(daemons);
    result.as_daemon = true;
  }
  for (const auto& [name, agent] : space.agents)
    if (!agent.command.empty())
      result.agents.push_back(look_at(space, agent, here));
  return result;
}

facts gather(const fs::path& workspace) {
  facts all;
  all.clock.now = std::chrono::system_clock::now();
  ask_kernel(all.clock);
  all.workspace = look_at(workspace);
  const auto space = config::load_workspace(workspace);
  if (space)
    all.workspace->warnings = space->warnings;
  else if (all.workspace->mistakes.empty()) // a folder of anything passes the check
    all.workspace->mistakes = {one_line(config::joined(space.error()).what)};
  int pid = 0;
  cluster::bus_options bus;
  if (const auto state = state_folder(workspace)) {
    all.daemon = gather_daemon(*state);
    if (const auto running = find_daemon(*state)) {
      pid = running->pid;
      bus = bus_of(*running, "skein doctor");
      ask_daemon(*running, *all.daemon, all.clock);
    }
    all.folders.push_back(gather_folder("state", *state));
    all.log = gather_log(*state, space ? space->audit : usual_audit(*state), all.clock);
  }
  all.limits = gather_limits(pid);
  if (!space)
    return all;
  all.agents = gather_agents(*space, pid);
  if (!space->nats.is_embedded()) {
    const auto who = tools::configured_identity(space->nats);
    bus.url = space->nats.url;
    bus.name = "skein doctor";
    bus.identity = who.value_or(cluster::bus_identity{});
  }
  all.nats = gather_nats(std::move(bus), space->nats.is_embedded(), &*space);
  all.folders.push_back(gather_folder("data", space->data));
  all.folders.push_back(gather_folder("outbox", space->notifications.outbox));
  all.secrets = gather_secrets(*space);
  all.http = gather_http(space->http);
  return all;
}

facts gather_remote(const daemon& there) {
  facts all;
  all.is_remote = true;
  all.clock.now = std::chrono::system_clock::now();
  ask_kernel(all.clock);
  all.daemon.emplace();
  all.daemon->file = daemon_facts::run_file::alive;
  ask_daemon(there, *all.daemon, all.clock);
  if (!there.nats.empty())
    all.nats = gather_nats(bus_of(there, "skein doctor"), false, nullptr);
  return all;
}

} // namespace skein::console::doctor
