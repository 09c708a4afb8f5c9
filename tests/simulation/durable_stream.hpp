#pragma once

#include "cluster/streams.hpp"
#include "tests/simulation/environment.hpp"

#include <deque>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace skein::simulation {

/// A JetStream stream with one durable consumer: what is stored stays, a message id is stored once,
/// and what was fetched and not answered comes again after `ack_wait`. Answers of the consumer and
/// acknowledgements to the publisher can get lost.
class durable_stream {
public:
  durable_stream(environment& world, std::string name) : world_{world}, name_{std::move(name)} {}

  static constexpr std::chrono::seconds ack_wait{10};

  struct entry {
    uint64_t sequence = 0;
    cluster::durable_message message;
    uint64_t deliveries = 0;
    migration::timestamp due; ///< when it may be fetched (again)
    bool is_done = false;
  };

  /// Publishes one after the other; a prefix of them is stored, and of that a prefix acknowledged.
  cluster::batch_result publish(std::span<const cluster::durable_message> messages);

  /// Up to `most` messages that are due, oldest first.
  std::vector<const entry*> fetch(std::size_t most);
  void ack(uint64_t sequence);
  void nak(uint64_t sequence, std::chrono::milliseconds delay);
  void in_progress(uint64_t sequence);

  /// All that is stored; for streams that everybody may read.
  const std::deque<entry>& entries() const { return entries_; }

  /// Whether the consumer has answered everything.
  bool is_drained() const { return open_ == 0; }

private:
  void store(const cluster::durable_message& what);
  entry* pending(uint64_t sequence);

  environment& world_;
  std::string name_;
  std::deque<entry> entries_;
  std::map<std::string, uint64_t> ids_;
  std::size_t open_ = 0;
  std::size_t first_open_ = 0; // all before are done
};

} // namespace skein::simulation
