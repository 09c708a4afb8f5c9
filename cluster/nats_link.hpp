#pragma once

#include "cluster/bus.hpp"
#include "cluster/spent_messages.hpp"

#include <future>
#include <mutex>

namespace skein::cluster {

/// One connection to the NATS servers, with its JetStream context (internal to cluster/).
class nats_link {
public:
  using state_sink = std::function<void(bus_state, std::string_view text)>;

  /// `send_at_once`: trade throughput for latency. `sink` is called on the library's one thread for
  /// such things, never after close() has returned.
  static expected<std::shared_ptr<nats_link>> open(const bus_options& options, bool send_at_once,
                                                   state_sink sink);
  ~nats_link();

  natsConnection* connection() const { return connection_; }
  jsCtx* jetstream() const { return jetstream_; }
  /// What subjects for replies begin with.
  const std::string& inbox() const { return inbox_; }

  expected<void> publish(const message& what, const std::string& reply = {});
  /// Takes a message of this connection that nobody needs any more.
  void discard(nats_message message) { spent_.add(std::move(message)); }
  /// Stops all traffic for good; later calls fail. Not from `sink`.
  void close();

private:
  nats_link() = default;
  expected<void> connect(const bus_options& options, bool send_at_once);
  void set_callbacks(natsOptions* options);

  static void on_disconnected(natsConnection* connection, void* closure);
  static void on_reconnected(natsConnection* connection, void* closure);
  static void on_closed(natsConnection* connection, void* closure);
  static void on_error(natsConnection* connection, natsSubscription* subscription,
                       natsStatus status, void* closure);

  natsConnection* connection_ = nullptr;
  jsCtx* jetstream_ = nullptr;
  std::string inbox_;
  state_sink sink_;
  spent_messages spent_;
  std::promise<void> closed_;
  std::shared_future<void> was_closed_{closed_.get_future()};
};

} // namespace skein::cluster
