#pragma once

#include "cluster/nats_link.hpp"

namespace skein::cluster {

/// Pulling from a consumer, shared by pull_consumer and follower (internal to cluster/).
struct pulled {
  message content;
  std::uint64_t num_delivered = 0;
  std::uint64_t stream_sequence = 0;
  std::uint64_t consumer_sequence = 0; // 1, 2, 3, ... unless some were lost on the way
};

class pull_source {
public:
  /// Creates the consumer, or changes it to `config`.
  static expected<pull_source> open(std::shared_ptr<nats_link> link, const std::string& stream,
                                    jsConsumerConfig& config);

  /// Waits up to `timeout` for the first message; empty after that. Fails if the server has
  /// forgotten the consumer.
  expected<std::vector<pulled>> pull(int batch, std::chrono::milliseconds timeout);

  /// Makes a pull() under way on another thread, and all later ones, fail at once.
  void stop() { natsSubscription_Unsubscribe(handle_.get()); }

private:
  bool forgotten() const;

  std::shared_ptr<nats_link> link_;
  std::string stream_, consumer_;
  nats_subscription handle_;
};

} // namespace skein::cluster
