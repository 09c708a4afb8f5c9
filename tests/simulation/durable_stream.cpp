#include "tests/simulation/durable_stream.hpp"

namespace skein::simulation {

cluster::batch_result durable_stream::publish(std::span<const cluster::durable_message> messages) {
  auto stored = messages.size();
  auto acknowledged = messages.size();
  if (!messages.empty() && world_.trouble(world_.given.publish_failure_percent)) {
    stored = world_.dice.between(0, messages.size());
    acknowledged = world_.dice.below(stored + 1);
    if (acknowledged == messages.size())
      --acknowledged;
    world_.tell("{}: of {} messages {} are stored, {} acknowledged", name_, messages.size(), stored,
                acknowledged);
  }
  for (const auto& each : messages.first(stored))
    store(each);
  return {acknowledged, acknowledged < messages.size() ? "simulated outage of the bus" : ""};
}

void durable_stream::store(const cluster::durable_message& what) {
  const auto sequence = entries_.size() + 1;
  if (!ids_.emplace(what.message_id, sequence).second)
    return;
  entries_.push_back({sequence, what, 0, world_.now, false});
  ++open_;
}

std::vector<const durable_stream::entry*> durable_stream::fetch(std::size_t most) {
  std::vector<const entry*> found;
  while (first_open_ < entries_.size() && entries_[first_open_].is_done)
    ++first_open_;
  for (auto i = first_open_; i < entries_.size() && found.size() < most; ++i) {
    auto& each = entries_[i];
    if (each.is_done || each.due > world_.now)
      continue;
    ++each.deliveries;
    each.due = world_.now + ack_wait;
    found.push_back(&each);
  }
  return found;
}

durable_stream::entry* durable_stream::pending(uint64_t sequence) {
  auto& found = entries_.at(sequence - 1);
  return found.is_done || world_.trouble(world_.given.bus.loss_percent) ? nullptr : &found;
}

void durable_stream::ack(uint64_t sequence) {
  if (auto* found = pending(sequence)) {
    found->is_done = true;
    --open_;
  }
}

void durable_stream::nak(uint64_t sequence, std::chrono::milliseconds delay) {
  if (auto* found = pending(sequence))
    found->due = world_.now + delay;
}

void durable_stream::in_progress(uint64_t sequence) {
  if (auto* found = pending(sequence))
    found->due = world_.now + ack_wait;
}

} // namespace skein::simulation
