#pragma once

#include "cluster/bus_identity.hpp"
#include "cluster/streams.hpp"
#include "events/failure.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace skein::cluster {

enum class bus_state {
  connected,    // again: the first time is when connect() returns
  disconnected, // being re-established, unless `closed` follows
  closed,       // for good
  trouble,      // the server or the library complains; e.g. messages were dropped
};

struct bus_options {
  /// "nats://host:port" or "tls://host:port", or several separated by commas.
  std::string url;
  /// What the server's monitoring shows.
  std::string name = {};
  /// Attempts for each server; -1 is for ever.
  int max_reconnect = -1;
  std::chrono::milliseconds reconnect_wait{100};
  std::function<void(bus_state, std::string_view text)> on_state = {};
  bus_identity identity = {};
};

/// Ends the deliveries of one subscribe(). Destruction waits until no callback runs or will run,
/// except when it is done by the callback itself. It may outlive the bus.
class subscription {
public:
  subscription();
  subscription(subscription&&) noexcept;
  subscription& operator=(subscription&&) noexcept;
  ~subscription();

private:
  friend class bus;
  struct impl;
  explicit subscription(std::unique_ptr<impl> owned);
  std::unique_ptr<impl> impl_;
};

/// The NATS servers, as two connections: one that gathers what it sends for throughput (publish and
/// large batches) and one that sends at once (everything else). There is no order between
/// the two. Both reconnect by themselves, and subscriptions survive that; while a connection is
/// down, whatever would send on it fails at once instead of being buffered and then perhaps lost.
///
/// All functions may be called from any thread. Callbacks arrive on threads of the library, one at
/// a time for each subscription; they must not throw, and must not destroy the bus. After the
/// destructor has returned no callback comes but that a subscription's handler may still be
/// running, for which the subscription's own destructor waits.
class bus {
public:
  static expected<std::unique_ptr<bus>> connect(bus_options options);
  ~bus();

  /// Whether there is a server now, as far as is known: one that hangs is missed after a while.
  bool is_connected() const;

  /// Core publish: reaches whoever listens now. Success means only that it was handed over.
  expected<void> publish(const message& what);
  /// Returns once the server has taken all that publish() was given.
  expected<void> flush(std::chrono::milliseconds timeout);

  expected<message> request(const std::string& subject, const std::string& data,
                            std::chrono::milliseconds timeout, const header_list& headers = {});
  /// Calls back exactly once: with the reply, or why there is none (also on timeout and when the
  /// connection breaks); possibly before this returns, and then on the calling thread.
  void request_async(const std::string& subject, const std::string& data,
                     std::chrono::milliseconds timeout,
                     std::function<void(expected<message>)> callback);

  /// `queue_group`: if not empty, each message goes to one of the group's members. When this
  /// returns, the server knows of the subscription (if it is connected).
  expected<subscription> subscribe(const std::string& subject, const std::string& queue_group,
                                   std::function<void(message)> handler);
  expected<void> respond(const message& request, const std::string& data);

  /// Creates the stream, or changes what differs and can be changed. Idempotent.
  expected<void> ensure_stream(const stream_config& config);
  expected<stream_state> stream_info(const std::string& stream);
  /// The newest message (of a subject, which may have wildcards; of all if empty), if there is one.
  expected<std::optional<message>> last_message(const std::string& stream,
                                                const std::string& subject = {});

  /// Returns once the stream has stored the message. A repeat of `message_id` within the stream's
  /// duplicate window is acknowledged as a duplicate and stored once. After a failure the message
  /// may be stored or not: repeat it with the same id.
  expected<publish_ack> publish_durable(const std::string& subject, const std::string& data,
                                        const std::string& message_id, const header_list& headers,
                                        std::chrono::milliseconds timeout);

  /// Publishes all without waiting in between, then waits for all acknowledgements. Stops at the
  /// first message that cannot be sent, so that what follows an outage is not stored before what
  /// the outage swallowed. Resend from `first_unacknowledged` on, with the same ids, before you
  /// publish anything later: then the stream has every message, and in order, but that one which a
  /// server refused or lost alone comes after its followers in the same batch. Ids must not be
  /// empty. At most a few thousand messages at a time.
  batch_result publish_durable_batch(std::span<const durable_message> messages,
                                     std::chrono::milliseconds timeout);

  expected<std::unique_ptr<pull_consumer>> consume(const pull_options& options);
  expected<std::unique_ptr<follower>>
  follow(const follow_options& options,
         std::function<void(message, std::uint64_t stream_sequence)> handler);

private:
  struct impl;
  explicit bus(std::unique_ptr<impl> owned);
  std::unique_ptr<impl> impl_;
};

} // namespace skein::cluster
