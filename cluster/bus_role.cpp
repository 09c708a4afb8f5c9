#include "cluster/bus_role.hpp"

#include "cluster/subjects.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace skein::cluster {

namespace {

using subject_list = std::vector<std::string>;

constexpr std::array names{std::pair{bus_role::coordinator, "coordinator"},
                           std::pair{bus_role::scanner, "scanner"},
                           std::pair{bus_role::fleet, "fleet"},
                           std::pair{bus_role::notifier, "notifier"},
                           std::pair{bus_role::agent, "agent"},
                           std::pair{bus_role::console, "console"},
                           std::pair{bus_role::requester, "requester"},
                           std::pair{bus_role::viewer, "viewer"}};

constexpr auto everything = "skein.v1.>";
constexpr auto all_inboxes = "_INBOX.>";

void add(subject_list& to, const subject_list& more) {
  to.insert(to.end(), more.begin(), more.end());
}

/// What a client asks the server to read a stream through a consumer of its own, and to answer its
/// deliveries. The subjects are those of NATS's JetStream wire API (docs.nats.io, 2.9).
subject_list reading(const std::string& stream) {
  const std::string api = "$JS.API.";
  return {api + "STREAM.INFO." + stream,
          api + "STREAM.MSG.GET." + stream,
          api + "CONSUMER.CREATE." + stream,
          api + "CONSUMER.CREATE." + stream + ".>",
          api + "CONSUMER.DURABLE.CREATE." + stream + ".*",
          api + "CONSUMER.INFO." + stream + ".*",
          api + "CONSUMER.MSG.NEXT." + stream + ".*",
          api + "CONSUMER.DELETE." + stream + ".*",
          "$JS.ACK." + stream + ".>",
          "$JS.FC." + stream + ".>"};
}

/// What a role does to a stream that it would make again after a server has lost it.
subject_list keeping(const std::string& stream) {
  return {"$JS.API.STREAM.INFO." + stream, "$JS.API.STREAM.CREATE." + stream,
          "$JS.API.STREAM.UPDATE." + stream};
}

subject_permissions viewer() {
  subject_permissions out;
  out.publish = {"$JS.API.INFO", "$JS.API.STREAM.NAMES", "$JS.API.STREAM.LIST"};
  for (const auto* stream : {streams::status, streams::audit, streams::dead_letters, streams::told})
    add(out.publish, reading(stream));
  out.subscribe = {subjects::status_all, subjects::audit_head, subjects::dead_letter,
                   subjects::told_all, subjects::agent_log_all};
  return out;
}

subject_permissions coordinator(const subject_list& action_subjects) {
  subject_permissions out;
  out.publish = {everything, all_inboxes, "$JS.API.>", "$JS.ACK.>", "$JS.FC.>"};
  out.subscribe = {everything};
  add(out.publish, action_subjects);
  add(out.subscribe, action_subjects);
  return out;
}

subject_permissions scanner(const subject_list& action_subjects) {
  subject_permissions out{action_subjects, {subjects::scanner_run}, true};
  out.publish.push_back(subjects::agent_log_all);
  return out;
}

subject_permissions fleet() {
  return {{"skein.v1.fleet.*.lease", "skein.v1.fleet.*.report", "skein.v1.fleet.*.heartbeat",
           subjects::agent_log_all},
          {},
          false};
}

subject_permissions notifier() {
  subject_permissions out{
      {"skein.v1.fleet.*.report", "skein.v1.fleet.*.heartbeat", subjects::agent_log_all},
      {},
      false};
  add(out.publish, reading(streams::notify));
  add(out.publish, keeping(streams::notify));
  return out;
}

subject_permissions agent(const subject_list& action_subjects) {
  subject_permissions out{action_subjects, {}, false};
  add(out.publish, {subjects::agent_log_all, subjects::told_all});
  add(out.publish, keeping(streams::told));
  return out;
}

subject_permissions console() {
  auto out = viewer();
  // Also a notice by which a channel is tried, and how full the queues are.
  add(out.publish, {subjects::scanner_run, subjects::notify_all,
                    std::string{"$JS.API.STREAM.INFO."} + streams::actions,
                    std::string{"$JS.API.STREAM.INFO."} + streams::notify});
  return out;
}

subject_permissions requester(const subject_list& action_subjects) {
  auto out = viewer();
  add(out.publish, action_subjects);
  return out;
}

subject_permissions of(bus_role role, const subject_list& action_subjects) {
  switch (role) {
    case bus_role::coordinator: return coordinator(action_subjects);
    case bus_role::scanner: return scanner(action_subjects);
    case bus_role::fleet: return fleet();
    case bus_role::notifier: return notifier();
    case bus_role::agent: return agent(action_subjects);
    case bus_role::console: return console();
    case bus_role::requester: return requester(action_subjects);
    case bus_role::viewer: break;
  }
  return viewer();
}

} // namespace

std::string_view to_string(bus_role role) noexcept {
  const auto found
      = std::find_if(names.begin(), names.end(), [&](const auto& x) { return x.first == role; });
  return found == names.end() ? "" : found->second;
}

std::optional<bus_role> bus_role_of(std::string_view name) noexcept {
  const auto found
      = std::find_if(names.begin(), names.end(), [&](const auto& x) { return x.second == name; });
  return found == names.end() ? std::nullopt : std::optional{found->first};
}

const std::vector<bus_role>& all_bus_roles() {
  static const auto all = [] {
    std::vector<bus_role> out;
    for (const auto& [role, name] : names)
      out.push_back(role);
    return out;
  }();
  return all;
}

subject_permissions permissions_of(bus_role role, const std::string& inbox,
                                   const subject_list& action_subjects) {
  auto out = of(role, action_subjects);
  out.subscribe.push_back(inbox + ".>");
  return out;
}

} // namespace skein::cluster
