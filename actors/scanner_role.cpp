#include "actors/scanner_role.hpp"

#include "actors/bus_ports.hpp"
#include "actors/json_text.hpp"
#include "actors/last_runs_file.hpp"
#include "actors/process_runner.hpp"
#include "actors/scanner.hpp"
#include "actors/system.hpp"
#include "cluster/subjects.hpp"
#include "config/log.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <nlohmann/json.hpp>

namespace skein::actors {

namespace {

using nlohmann::json;

std::string json_of(const scan_reply& reply) {
  json all{{"started", reply.started}, {"running", reply.running}};
  if (!reply.scan.empty())
    all["scan"] = reply.scan;
  if (!reply.error.empty())
    all["error"] = reply.error;
  return dump_json(all);
}

expected<std::string> agent_in(const std::string& request) {
  if (request.empty())
    return std::string{};
  const auto value = parse_json(request);
  if (!value || !value->is_object())
    return fail(R"(the request is not a JSON object; expected {"agent": "<name>"} or {})");
  const auto agent = value->find("agent");
  if (agent == value->end())
    return std::string{};
  if (!agent->is_string())
    return fail("`agent` is not a string; expected the name of an agent");
  return agent->get<std::string>();
}

last_runs load(const std::filesystem::path& file) {
  auto last = load_last_runs(file);
  if (!last)
    log::warn("schedule-lost", "{}", last.error().what);
  return last.value_or(last_runs{});
}

scanner_options options_of(const scanner_role::parts& given, const std::filesystem::path& file) {
  scanner_options options;
  for (const auto& [name, agent] : given.space->agents)
    options.agents.push_back(agent);
  options.defaults = default_environment(*given.space, given.metadata_api, given.nats_url);
  options.defaults.insert(options.defaults.end(), given.api.begin(), given.api.end());
  options.last = load(file);
  return options;
}

} // namespace

struct scanner_role::impl {
  ~impl() {
    calls.reset();
    caf::anon_send(actor, atom::stop_v);
  }

  expected<void> hear(cluster::bus& link) {
    auto heard = link.subscribe(cluster::subjects::scanner_run, "scanner",
                                [&link, to = actor](const cluster::message& request) {
                                  const auto reply = [&link, request](const scan_reply& said) {
                                    (void)link.respond(request, json_of(said));
                                  };
                                  if (auto agent = agent_in(request.data))
                                    caf::anon_send(to, scan_call{std::move(*agent), reply});
                                  else
                                    reply({{}, {}, {}, agent.error().what});
                                });
    if (!heard)
      return tl::unexpected{heard.error()};
    calls = std::move(*heard);
    return {};
  }

  system_config config;
  caf::actor_system system{config}; // its end waits for the scanner's
  scanner_actor actor;
  std::optional<cluster::subscription> calls;
};

expected<std::unique_ptr<scanner_role>> scanner_role::start(const parts& given) {
  auto facts = facts_here(*given.space, "scanner");
  clear_work(facts);
  std::error_code error;
  std::filesystem::create_directories(given.space->state, error);
  if (error)
    return fail("cannot make the state folder " + given.space->state.string() + ": "
                + error.message());
  const auto file = given.space->state / "scanner.json";
  auto owned = std::make_unique<impl>();
  const scanner_ports ports{say_port_of(*given.bus),
                            [file](const last_runs& what) { return save_last_runs(file, what); }};
  owned->actor = owned->system.spawn(scanner, options_of(given, file), ports, std::move(facts),
                                     std::make_shared<process_runner>(), real_ambient());
  if (auto ok = owned->hear(*given.bus); !ok)
    return tl::unexpected{ok.error()};
  return std::unique_ptr<scanner_role>{new scanner_role{std::move(owned)}};
}

scanner_role::scanner_role(std::unique_ptr<impl> owned) : impl_{std::move(owned)} {}

scanner_role::~scanner_role() = default;

void scanner_role::run_now(std::string agent, std::function<void(const scan_reply&)> reply) {
  caf::anon_send(impl_->actor, scan_call{std::move(agent), std::move(reply)});
}

} // namespace skein::actors
