#pragma once

#include "actors/queue_gauge.hpp"
#include "actors/types.hpp"

#include <deque>
#include <memory>

namespace skein::actors {

/// State of the one writer of the log.
///
/// Requests gather while a commit is under way: `flush` is a message to itself, so whatever
/// reached the mailbox before it goes into the same batch. No timer, no lingering; the busier the
/// journal, the larger its batches. Blocks in fsync: spawn it detached.
struct journal_state {
  static constexpr const char* name = "journal";

  std::shared_ptr<store::event_log> log;
  queue_gauge tell_waiting;
  std::deque<append_request> waiting;
  std::vector<log_listener_actor> listeners;
  bool flush_is_under_way = false;
};

/// `tell_waiting`: at each commit, what came too late for it.
journal_actor::behavior_type journal(journal_actor::stateful_pointer<journal_state> self,
                                     std::shared_ptr<store::event_log> log,
                                     queue_gauge tell_waiting);

} // namespace skein::actors
