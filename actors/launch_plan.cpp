#include "actors/launch_plan.hpp"

#include "actors/expansion.hpp"
#include "actors/json_text.hpp"
#include "actors/launch_input.hpp"
#include "cluster/subjects.hpp"

#include <algorithm>
#include <array>

namespace skein::actors {

namespace {

/// Shorter ones are words that also turn up by chance.
constexpr std::size_t secret_bytes_min = 6;
/// By which a run calls the daemon and the bus; made there, so no reference tells that they are
/// secrets.
constexpr std::array<std::string_view, 2> secret_names{"SKEIN_TOKEN", "SKEIN_NATS_PASSWORD"};

/// Builds an environment variable by variable, and looks names up in what is there so far.
class scope {
public:
  scope(const variables& identity, const worker_facts& facts)
      : identity_{identity.begin(), identity.end()}, own_{facts.environment} {
    for (const auto* name : {"HOME", "LANG", "TZ", "TMPDIR"})
      if (const auto found = own_.find(name); found != own_.end())
        environment_.insert(*found);
    const auto path = own_.find("PATH");
    environment_["PATH"] = facts.programs.string() + ":"
                           + (path == own_.end() ? "/usr/local/bin:/usr/bin:/bin" : path->second);
  }

  void set(const std::string& name, std::string value) {
    if (!value.empty()
        && std::find(secret_names.begin(), secret_names.end(), name) != secret_names.end())
      secrets_.push_back(value);
    environment_[name] = std::move(value);
  }

  expected<std::string> expanded(std::string_view text) {
    return expand(text, [this](std::string_view name) { return find(std::string{name}); });
  }

  std::map<std::string, std::string> environment() const {
    auto all = environment_;
    for (const auto& [name, value] : identity_)
      all[name] = value;
    return all;
  }

  std::vector<std::string> secrets() const { return secrets_; }

private:
  const std::string* find(const std::string& name) {
    for (const auto* known : {&identity_, &environment_})
      if (const auto found = known->find(name); found != known->end())
        return &found->second;
    const auto found = own_.find(name);
    if (found == own_.end())
      return nullptr;
    // What only the worker knows is how secrets arrive.
    if (found->second.size() >= secret_bytes_min)
      secrets_.push_back(found->second);
    return &found->second;
  }

  std::map<std::string, std::string> identity_;
  std::map<std::string, std::string> environment_;
  const std::map<std::string, std::string>& own_;
  std::vector<std::string> secrets_;
};

tl::unexpected<failure> at_fault(const launch_order& order, const std::string& where,
                                 const failure& why) {
  return fail("agent " + order.agent + ": " + where + " " + why.what);
}

expected<void> set_environment(const launch_order& order, scope& names) {
  for (const auto& [name, text] : order.environment) {
    auto value = names.expanded(text);
    if (!value)
      return at_fault(order, "variable " + name, value.error());
    names.set(name, std::move(*value));
  }
  return {};
}

expected<std::vector<std::string>> expanded_command(const launch_order& order, scope& names) {
  std::vector<std::string> argv;
  for (std::size_t i = 0; i < order.command.size(); ++i) {
    auto value = names.expanded(order.command[i]);
    if (!value)
      return at_fault(
          order, "argument " + std::to_string(i) + " (`" + clean_text(order.command[i], 200) + "`)",
          value.error());
    argv.push_back(std::move(*value));
  }
  return argv;
}

/// A path that is not absolute begins in the workspace, not in the attempt's scratch folder.
void find_from(const std::filesystem::path& root, std::string& program) {
  if (program.find('/') != program.npos && program[0] != '/')
    program = (root / program).string();
}

/// A name as part of a folder's name, whose length is bounded.
std::string bounded_token(const std::string& name, std::size_t bytes_max) {
  auto token = cluster::encode_token(name).value_or("=");
  if (token.size() <= bytes_max)
    return token;
  const auto rest = std::to_string(std::hash<std::string>{}(token));
  return token.substr(0, bytes_max - rest.size() - 1) + "-" + rest;
}

} // namespace

std::filesystem::path work_dir(const std::filesystem::path& root, const std::string& migration,
                               const std::string& step, uint64_t epoch) {
  return root
         / (bounded_token(migration, 140) + "." + bounded_token(step, 80) + "."
            + std::to_string(epoch));
}

expected<launch> plan(const launch_order& order, const worker_facts& facts) {
  if (order.command.empty())
    return fail("agent " + order.agent
                + ": it has no `command`; say in its definition what to run");
  auto identity = order.identity;
  identity.emplace_back("SKEIN_WORK_DIR", order.work_dir.string());
  identity.emplace_back("SKEIN_MEMORY_LIMIT", std::to_string(order.limits.memory_bytes));
  scope names{identity, facts};
  if (auto ok = set_environment(order, names); !ok)
    return tl::unexpected{ok.error()};
  auto argv = expanded_command(order, names);
  if (!argv)
    return tl::unexpected{argv.error()};
  find_from(facts.root, argv->front());
  return launch{order.agent,    std::move(*argv), names.environment(), order.input,
                order.work_dir, order.limits,     order.image,         names.secrets()};
}

expected<launch> plan(const bus::assignment& work, const worker_facts& facts) {
  if (work.subject.name.starts_with("${"))
    return fail(
        "agent " + work.agent + ": dataset id " + clean_text(work.subject.name, 200) + " of "
        + clean_text(work.migration, 200)
        + " is a variable that was never expanded; correct whoever asked for the migration");
  auto input = step_input(work);
  if (!input)
    return tl::unexpected{input.error()};
  return plan({work.agent,
               work.command,
               work.environment,
               step_identity(work),
               std::move(*input),
               {work.cpu, work.memory_bytes, work.timeout},
               work.image,
               work_dir(facts.work, work.migration, work.step, work.epoch)},
              facts);
}

namespace {

/// What an agent's own definition says about its run.
launch_order order_of(const config::agent& agent, const variables& defaults) {
  launch_order order;
  order.agent = agent.name;
  order.command = agent.command;
  order.environment = defaults;
  order.environment.insert(order.environment.end(), agent.environment.begin(),
                           agent.environment.end());
  order.limits = {agent.limits.cpu, agent.limits.memory_bytes, {}};
  order.image = agent.image;
  return order;
}

} // namespace

expected<launch> plan_digest(const std::string& digest, const std::vector<bus::notice>& notices,
                             const config::agent& agent, const variables& defaults,
                             const worker_facts& facts) {
  auto input = digest_input(digest, notices);
  if (!input)
    return tl::unexpected{input.error()};
  auto order = order_of(agent, defaults);
  order.identity = {{"SKEIN_DIGEST", digest}, {"NOMAD_META_RUN_ID", digest}};
  order.input = std::move(*input);
  order.limits.wall = std::chrono::minutes{15};
  order.work_dir = work_dir(facts.work, digest, agent.name, 0);
  return plan(order, facts);
}

expected<launch> plan_scan(const std::string& scan, const config::agent& agent,
                           const variables& defaults, const worker_facts& facts) {
  auto order = order_of(agent, defaults);
  order.identity = {{"SKEIN_SCAN_ID", scan}, {"NOMAD_META_RUN_ID", scan}};
  order.input = scan_input(scan);
  order.work_dir = work_dir(facts.work, scan, agent.name, 0);
  return plan(order, facts);
}

} // namespace skein::actors
