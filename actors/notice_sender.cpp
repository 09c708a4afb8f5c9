#include "actors/notice_sender.hpp"

#include "cluster/subjects.hpp"
#include "config/log.hpp"

#include <algorithm>
#include <caf/typed_event_based_actor.hpp>

namespace skein::actors {

namespace {

using self_ptr = notice_sender_actor::stateful_pointer<notice_sender_state>;

constexpr auto retry_after = std::chrono::milliseconds{500};
constexpr std::size_t batch_max = 256;

/// Copies of one migration are the same however often its step is tried: the stream drops repeats.
std::string message_id_of(const bus::notice& what) {
  if (what.is_copy)
    return "copy:" + what.telling.channel + ":" + what.migration;
  return what.digest + ":" + what.migration + ":" + std::to_string(what.epoch);
}

cluster::durable_message message_of(const std::string& subject, const bus::notice& what) {
  return {subject,
          encode(what),
          message_id_of(what),
          {{"Content-Type", std::string{bus::protobuf_content_type}}}};
}

void send_next(self_ptr self) {
  auto& waiting = self->state.waiting;
  while (!waiting.empty()) {
    const auto count = std::min(batch_max, waiting.size());
    const std::vector<cluster::durable_message> batch(waiting.begin(), waiting.begin() + count);
    const auto result = self->state.publish(batch);
    waiting.erase(waiting.begin(), waiting.begin() + result.first_unacknowledged);
    if (result.first_unacknowledged == count)
      continue;
    log::warn("notices-delayed", "{} notices wait for the bus: {}", waiting.size(), result.why);
    return self->delayed_send(self, retry_after, atom::tick_v);
  }
}

void take(self_ptr self, const notices& what) {
  const auto subject = cluster::subjects::notify(what.channel);
  if (!subject)
    return log::error("notices-lost", "{}", subject.error().what);
  const auto is_idle = self->state.waiting.empty();
  for (const auto& notice : what.list)
    self->state.waiting.push_back(message_of(*subject, notice));
  // Otherwise a tick is on its way.
  if (is_idle)
    send_next(self);
}

} // namespace

notice_sender_actor::behavior_type
notice_sender(notice_sender_actor::stateful_pointer<notice_sender_state> self,
              publish_batch publish) {
  self->state.publish = std::move(publish);
  return {
      [=](const notices& what) { take(self, what); },
      [=](atom::tick) { send_next(self); },
  };
}

} // namespace skein::actors
