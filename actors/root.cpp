#include "actors/root.hpp"

#include <caf/actor_system.hpp>

namespace skein::actors {

namespace {

void on_down(caf::stateful_actor<root_state>* self, const caf::down_msg& msg) {
  auto& st = self->state;
  const auto found = st.names.find(msg.source);
  if (found == st.names.end() || !st.on_failure)
    return;
  // Once: what follows only follows from this.
  auto tell = std::exchange(st.on_failure, nullptr);
  tell("the " + found->second + " actor ended: " + self->system().render(msg.reason));
}

void on_exit(caf::stateful_actor<root_state>* self, caf::exit_msg& msg) {
  self->state.on_failure = nullptr;
  for (const auto& actor : self->state.actors)
    self->send_exit(actor, msg.reason);
  self->quit(msg.reason);
}

} // namespace

caf::behavior root(caf::stateful_actor<root_state>* self, std::vector<watched_actor> watched,
                   std::function<void(std::string why)> on_failure) {
  self->state.on_failure = std::move(on_failure);
  self->set_down_handler([=](caf::down_msg& msg) { on_down(self, msg); });
  self->set_exit_handler([=](caf::exit_msg& msg) { on_exit(self, msg); });
  for (auto& each : watched) {
    self->state.names.emplace(each.actor.address(), std::move(each.name));
    self->state.actors.push_back(each.actor);
    self->monitor(each.actor);
  }
  // It has no messages of its own, and lives until it is ended.
  return {[](caf::unit_t) {}};
}

} // namespace skein::actors
