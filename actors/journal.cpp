#include "actors/journal.hpp"

#include <caf/typed_event_based_actor.hpp>

namespace skein::actors {

namespace {

using self_ptr = journal_actor::stateful_pointer<journal_state>;

/// Bounds the time that the first of a batch waits for the last (measured: 128 to 256 appends keep
/// the 99th percentile of a commit low; more gain nothing).
constexpr std::size_t batch_appends_max = 256;

void request_flush(self_ptr self) {
  auto& st = self->state;
  if (st.flush_is_under_way || st.waiting.empty())
    return;
  st.flush_is_under_way = true;
  self->send(self, atom::flush_v);
}

void answer(self_ptr self, const committer_actor& who, const store::append_result& result) {
  if (result)
    self->send(who, committed{result->first_sequence, result->version});
  else
    self->send(who, not_committed{result.error()});
}

std::vector<append_request> take_batch(journal_state& st) {
  std::vector<append_request> batch;
  while (!st.waiting.empty() && batch.size() < batch_appends_max) {
    batch.push_back(std::move(st.waiting.front()));
    st.waiting.pop_front();
  }
  return batch;
}

/// A log that failed takes nothing more until it is opened anew: the journal ends, and with it the
/// coordinator.
const std::string* failure_among(const std::vector<store::append_result>& results) {
  for (const auto& result : results)
    if (!result && result.error().fault == store::append_fault::log_failed)
      return &result.error().what;
  return nullptr;
}

void flush(self_ptr self) {
  auto& st = self->state;
  st.flush_is_under_way = false;
  auto batch = take_batch(st);
  tell(st.tell_waiting, st.waiting.size());
  std::vector<store::append> appends;
  appends.reserve(batch.size());
  for (auto& request : batch)
    appends.push_back(std::move(request.what));
  const auto results = st.log->commit(appends);
  for (std::size_t i = 0; i < batch.size(); ++i)
    answer(self, batch[i].who, results[i]);
  for (const auto& listener : st.listeners)
    self->send(listener, log_grew{st.log->last_sequence()});
  if (const auto* why = failure_among(results))
    return self->quit(caf::make_error(fault::log_failed, *why));
  request_flush(self);
}

} // namespace

journal_actor::behavior_type journal(journal_actor::stateful_pointer<journal_state> self,
                                     std::shared_ptr<store::event_log> log,
                                     queue_gauge tell_waiting) {
  self->state.log = std::move(log);
  self->state.tell_waiting = std::move(tell_waiting);
  return {
      [=](append_request& request) {
        self->state.waiting.push_back(std::move(request));
        request_flush(self);
      },
      [=](atom::listen, log_listener_actor& listener) {
        self->send(listener, log_grew{self->state.log->last_sequence()});
        self->state.listeners.push_back(std::move(listener));
      },
      [=](atom::flush) { flush(self); },
  };
}

} // namespace skein::actors
