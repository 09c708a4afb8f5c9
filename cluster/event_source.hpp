#pragma once

#include "cluster/http.hpp"
#include "cluster/http_client.hpp"
#include "cluster/server_sent_events.hpp"
#include "events/failure.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace skein::cluster {

struct event_source_options {
  std::string url;
  http_headers headers = {};
  tls_files tls = {};
  std::chrono::seconds connect_patience{10};
  std::chrono::seconds silence_patience{40}; ///< no byte for so long: the connection is lost
};

/// The client of a stream of server-sent events (libcurl).
class event_source {
public:
  event_source();
  ~event_source();
  event_source(const event_source&) = delete;
  event_source& operator=(const event_source&) = delete;

  /// Follows the stream, on this thread, to its end; answers why it ended, and does not come back
  /// to it. `on_open` is called once the server has agreed, also while there is no event yet.
  failure follow(const event_source_options&, const std::function<void()>& on_open,
                 const server_sent_events::handler& on_event);

  /// From any thread: a follow() under way ends at once, and so does every later one.
  void stop();

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

} // namespace skein::cluster
