#pragma once

#include "tests/cluster/nats_fixture.hpp"

#include <mutex>

namespace skein::tests {

/// A server with one stream of each kind.
struct streams_fixture : nats_fixture {
  streams_fixture() {
    must(bus->ensure_stream({.name = "EVENTS", .subjects = {"events.>"}}));
    must(bus->ensure_stream({.name = "WORK",
                             .subjects = {"work.>"},
                             .retention = cluster::retention_policy::work_queue}));
  }

  cluster::publish_ack put(const std::string& subject, const std::string& data,
                           const std::string& id = {}) {
    return must(bus->publish_durable(subject, data, id, {}, std::chrono::seconds{10}));
  }

  std::unique_ptr<cluster::pull_consumer> worker(std::chrono::milliseconds ack_wait
                                                 = std::chrono::seconds{30}) {
    return must(bus->consume({.stream = "WORK", .durable = "workers", .ack_wait = ack_wait}));
  }
};

inline std::vector<cluster::durable_message> numbered(std::size_t count) {
  std::vector<cluster::durable_message> out;
  for (std::size_t i = 0; i < count; ++i)
    out.push_back({"events.n", std::to_string(i), "id-" + std::to_string(i)});
  return out;
}

/// What a follower has handed over.
struct followed {
  std::mutex mutex;
  std::vector<std::string> data;
  std::vector<std::uint64_t> sequences;

  auto handler() {
    return [this](cluster::message got, std::uint64_t sequence) {
      const std::lock_guard lock{mutex};
      data.push_back(std::move(got.data));
      sequences.push_back(sequence);
    };
  }
  std::vector<std::string> so_far() {
    const std::lock_guard lock{mutex};
    return data;
  }
};

} // namespace skein::tests
