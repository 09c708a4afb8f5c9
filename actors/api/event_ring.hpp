#pragma once

#include "actors/api/event_filter.hpp"
#include "cluster/http.hpp"
#include "events/record.hpp"
#include "store/log_reader.hpp"
#include "store/view_store.hpp"

#include <deque>
#include <optional>
#include <string>

namespace skein::actors {

/// An event as a server-sent event: `id` is its sequence, `event` its type, `data` what the status
/// subject carries.
std::string event_frame(uint64_t sequence, std::string_view type, const std::string& json);

/// One event, rendered once for all who read it, and not before the first of them does. A record
/// that cannot be decoded is one too, of the type `unreadable`.
class feed_event {
public:
  explicit feed_event(const store::stored& from);

  const cluster::http_stream::piece& frame();
  bool is_readable() const { return what_.has_value(); }

  event_facts facts;
  std::optional<std::string> owner; ///< once somebody has asked for it

private:
  expected<record> what_;
  cluster::http_stream::piece frame_;
};

/// The newest events of a log that its view has too. For one thread.
class event_ring {
public:
  event_ring(const store::log_reader& log, const store::view_reader& view, std::size_t events_max)
      : log_{log}, view_{view}, events_max_{events_max}, last_{view.cursor()} {}

  /// Takes in what the view has by now, or a part of it: then there is more.
  expected<bool> take_in();

  /// Goes on to what the view has by now and keeps nothing of it: nobody reads.
  void pass_over();

  uint64_t last() const { return last_; }

  /// The first sequence that is in the ring; last() + 1 while it is empty.
  uint64_t first() const { return last_ + 1 - events_.size(); }

  /// The event of that sequence, which must be in the ring.
  feed_event& at(uint64_t sequence) { return events_[sequence - first()]; }

  bool wants(const event_filter& filter, feed_event& what) const;

  const store::log_reader& log() const { return log_; }

private:
  const store::log_reader& log_;
  const store::view_reader& view_;
  const std::size_t events_max_;
  uint64_t last_;
  std::deque<feed_event> events_; ///< without gaps, up to last_
};

} // namespace skein::actors
