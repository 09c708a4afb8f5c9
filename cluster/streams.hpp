#pragma once

#include "cluster/message.hpp"
#include "events/failure.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace skein::cluster {

class nats_link;

enum class retention_policy {
  limits,     // kept until a limit is reached
  work_queue, // kept until one consumer has acknowledged it
};

enum class discard_policy {
  oldest, // a full stream forgets
  newest, // a full stream refuses
};

/// A JetStream stream on disk. Retention cannot change once the stream exists. The server writes
/// without fsync (nats-server 2.9 syncs every two minutes): a stream is a relay, never the truth.
struct stream_config {
  std::string name;
  std::vector<std::string> subjects;
  retention_policy retention = retention_policy::limits;
  /// Zero is for ever.
  std::chrono::milliseconds max_age{0};
  /// How long a message id is remembered. The server wants it no longer than max_age.
  std::chrono::milliseconds duplicate_window{std::chrono::minutes{2}};
  /// -1 is without bound.
  std::int64_t max_bytes = -1;
  discard_policy discard = discard_policy::oldest;
};

struct stream_state {
  std::uint64_t messages = 0;
  std::uint64_t bytes = 0;
  std::uint64_t first_sequence = 0;
  std::uint64_t last_sequence = 0;
};

struct publish_ack {
  std::uint64_t sequence = 0;
  bool duplicate = false;
};

struct durable_message {
  std::string subject;
  std::string data;
  std::string message_id;
  header_list headers = {};
};

struct batch_result {
  /// The index of the first message that the stream has not acknowledged: all those before it are
  /// stored, it and those after it may be. The number of messages if all went well.
  std::size_t first_unacknowledged = 0;
  /// Why that one was not acknowledged; empty if all were.
  std::string why = {};
};

struct pull_options {
  std::string stream;
  /// The consumer's name on the server, which remembers by it what was acknowledged. No dots.
  std::string durable;
  std::string filter_subject = {}; // empty: all of the stream
  /// How long the server waits for an ack before it delivers again.
  std::chrono::milliseconds ack_wait{30'000};
  /// Deliveries of one message; -1 is without bound. A message that used them up stays in a work
  /// queue for ever, so look at delivery::num_delivered and term() it before.
  std::int64_t max_deliver = -1;
  /// How many messages may be out without an ack.
  std::int64_t max_ack_pending = 1000;
};

/// One try at delivering a stream's message. Until it is answered with ack(), nak() or term(), the
/// server delivers the message again after ack_wait. An answer that gets lost has the same effect.
struct delivery {
  cluster::message message;
  std::uint64_t num_delivered = 0; // 1 the first time
  std::uint64_t stream_sequence = 0;

  expected<void> ack() const;
  /// Asks for another delivery, after `delay`.
  expected<void> nak(std::chrono::milliseconds delay = {}) const;
  /// Restarts ack_wait.
  expected<void> in_progress() const;
  /// Never again; on a work queue, the message is removed.
  expected<void> term() const;

  std::shared_ptr<nats_link> link; // where the answer goes; internal
};

/// A durable pull consumer. After a crash of the server, messages that were acknowledged shortly
/// before it may come again, or stay in the stream's count without coming again. Several
/// processes with the same `durable` share its messages.
class pull_consumer {
public:
  ~pull_consumer();

  /// Waits up to `timeout` for the first message, and not much longer for up to `batch`. Empty
  /// after the timeout. One thread at a time. After an outage of the server, call it again. Fails
  /// if the server has lost the consumer or its stream; then ensure_stream() and consume() again.
  expected<std::vector<delivery>> fetch(int batch, std::chrono::milliseconds timeout);

  /// Makes a fetch() under way on another thread, and all later ones, fail at once.
  void stop();

private:
  friend class bus;
  struct impl;
  explicit pull_consumer(std::unique_ptr<impl> owned);
  std::unique_ptr<impl> impl_;
};

struct follow_options {
  static constexpr std::uint64_t beginning = 0;
  static constexpr std::uint64_t only_new = ~std::uint64_t{0};

  std::string stream;
  std::string filter_subject = {}; // empty: all of the stream
  /// A sequence number, `beginning`, or `only_new`: what is published after follow() has returned.
  std::uint64_t from = beginning;
};

/// Hands over a stream's messages in order, each once, those stored and those to come, also across
/// reconnects. The handler is called on one thread of ours. Destruction waits until it has returned
/// (unless the handler itself destroys the follower).
class follower {
public:
  ~follower();

private:
  friend class bus;
  struct impl;
  explicit follower(std::shared_ptr<impl> shared);
  std::shared_ptr<impl> impl_;
};

} // namespace skein::cluster
