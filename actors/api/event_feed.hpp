#pragma once

#include "actors/api/event_ring.hpp"
#include "cluster/http.hpp"
#include "store/log_reader.hpp"
#include "store/view_store.hpp"

#include <chrono>
#include <memory>
#include <string>

namespace skein::actors {

struct feed_options {
  std::size_t ring_events = 8192;     ///< the newest events, kept ready for all clients
  std::size_t chunk_bytes = 64 << 10; ///< the most that is under way to one client
  std::size_t clients_max = 4000;
  std::chrono::milliseconds heartbeat{15'000}; ///< a comment after so much silence
};

struct feed_counts {
  std::size_t clients = 0;
  uint64_t sent = 0;    ///< events, over all clients
  uint64_t dropped = 0; ///< clients that were too slow
  uint64_t last_sequence = 0;
};

/// The events as server-sent events (https://html.spec.whatwg.org/#server-sent-events), for
/// thousands of clients on one thread of its own.
///
/// Each event is read and rendered at most once and kept in a ring. A client is a place in the log
/// and a filter: it is given what follows that place, one chunk at a time, from the ring or, if it
/// began further back, from the log. So a slow client costs no memory; one that had caught up and
/// then falls behind the ring is told so and dropped, since it will hardly ever catch up again. It
/// can come back with Last-Event-ID. While there is no client, nothing is read.
///
/// Shows what the view has as well, so that who hears of an event finds it in every answer.
class event_feed {
public:
  /// Both must outlive it.
  event_feed(const store::log_reader& log, const store::view_reader& view, feed_options = {});

  /// Ends all streams that are still there.
  ~event_feed();

  /// The view may have more. From any thread.
  void grew();

  /// An answer that streams all events behind `after` that the filter wants; 503 if there are too
  /// many clients. `who` names the client in the log.
  cluster::http_response open(uint64_t after, event_filter filter, std::string who);

  feed_counts counts() const;

private:
  class impl;
  std::shared_ptr<impl> impl_;
};

} // namespace skein::actors
