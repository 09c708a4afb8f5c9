#include "actors/relay.hpp"

#include "cluster/subjects.hpp"
#include "config/log.hpp"
#include "events/record.hpp"
#include "events/status.hpp"

#include <caf/typed_event_based_actor.hpp>

namespace skein::actors {

namespace {

using self_ptr = relay_actor::stateful_pointer<relay_state>;

constexpr uint64_t batch_events_max = 500;
constexpr auto retry_after = std::chrono::milliseconds{250};

void schedule(self_ptr self, std::chrono::milliseconds after) {
  if (self->state.is_due)
    return;
  self->state.is_due = true;
  if (after.count() == 0)
    self->send(self, atom::tick_v);
  else
    self->delayed_send(self, after, atom::tick_v);
}

/// Nothing for a record that cannot be shown: it stays in the log, where `verify` names it.
std::optional<cluster::durable_message> message_of(const store::event_log& log,
                                                   const store::stored& stored) {
  const auto record = decode_without_command(stored.bytes);
  if (!record) {
    log::error("status-unreadable", "event {} is not published: {}", stored.sequence,
               record.error().what);
    return std::nullopt;
  }
  const auto dataset = record->migration.substr(0, record->migration.rfind('@'));
  const auto subject = cluster::subjects::status(dataset, migration::name_of(record->event));
  if (!subject)
    return std::nullopt;
  const auto sequence = std::to_string(stored.sequence);
  return cluster::durable_message{*subject,
                                  status_json(stored.sequence, *record),
                                  log.log_id() + ":" + sequence,
                                  {{"Content-Type", std::string{bus::json_content_type}},
                                   {log_header, log.log_id()},
                                   {sequence_header, sequence}}};
}

struct piece {
  std::vector<cluster::durable_message> messages;
  std::vector<uint64_t> sequences; ///< parallel
  uint64_t last = 0;
};

expected<piece> next_piece(const relay_state& st) {
  piece result;
  result.last = st.published;
  const auto end
      = st.options.log->read(st.published + 1, batch_events_max, [&](const store::stored& stored) {
          if (auto message = message_of(*st.options.log, stored)) {
            result.messages.push_back(std::move(*message));
            result.sequences.push_back(stored.sequence);
          }
          result.last = stored.sequence;
          return true;
        });
  if (!end)
    return tl::unexpected{end.error()};
  return result;
}

void publish_next(self_ptr self) {
  auto& st = self->state;
  st.is_due = false;
  const auto next = next_piece(st);
  if (!next) {
    log::error("status-unread", "the log cannot be read after event {}: {}", st.published,
               next.error().what);
    return schedule(self, retry_after * 20);
  }
  if (next->last == st.published)
    return;
  const auto result = st.options.publish(next->messages);
  const auto is_whole = result.first_unacknowledged == next->messages.size();
  st.published = is_whole ? next->last : next->sequences[result.first_unacknowledged] - 1;
  if (auto kept = st.options.log->put_cursor(relay_cursor, st.published); !kept)
    log::warn("status-cursor", "{}", kept.error().what);
  if (!is_whole)
    log::warn("status-delayed", "event {} waits for the bus: {}", st.published + 1, result.why);
  schedule(self, is_whole ? std::chrono::milliseconds{0} : retry_after);
}

} // namespace

relay_actor::behavior_type relay(relay_actor::stateful_pointer<relay_state> self,
                                 relay_options options) {
  self->state.published = options.after;
  self->state.options = std::move(options);
  return {
      [=](const log_grew& what) {
        if (what.last_sequence > self->state.published)
          schedule(self, std::chrono::milliseconds{0});
      },
      [=](atom::tick) { publish_next(self); },
  };
}

} // namespace skein::actors
