#include "tests/simulation/wire.hpp"

namespace skein::simulation {

using namespace std::chrono_literals;

bool wire::is_cut_off(const std::string& peer) const {
  const auto found = cut_off_.find(peer);
  return !world_.calm && found != cut_off_.end() && world_.now < found->second;
}

void wire::carry(const std::string& peer, std::function<void()> arrive) {
  const auto& faults = world_.given.bus;
  if (world_.trouble(faults.loss_percent))
    return world_.tell("bus: a message between {} and the coordinator is lost", peer);
  const auto copies = world_.trouble(faults.duplicate_percent) ? 2 : 1;
  for (int i = 0; i < copies; ++i) {
    const auto delay = world_.calm ? 1ms : world_.dice.between(1ms, faults.delay_max + 1ms);
    world_.after(delay, [this, peer, arrive] {
      if (!is_cut_off(peer))
        arrive();
    });
  }
}

} // namespace skein::simulation
