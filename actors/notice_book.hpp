#pragma once

#include "actors/recent_set.hpp"
#include "actors/report_queue.hpp"
#include "events/bus.hpp"

#include <chrono>
#include <functional>
#include <list>
#include <string>
#include <vector>

namespace skein::actors {

/// One delivery of a notice by the bus, with the ways to answer it (cluster::delivery).
struct notice_delivery {
  std::string channel;
  bus::notice what;
  uint64_t sequence = 0; ///< in the stream: the same for every delivery of one message
  uint64_t deliveries = 1;
  std::function<void()> ack;
  std::function<void(std::chrono::milliseconds)> nak; ///< deliver again after that
  std::function<void()> in_progress;
};

/// Notices of one digest and channel that are told in one run.
struct digest_batch {
  using moment = std::chrono::steady_clock::time_point;

  enum class stage : uint8_t {
    gathering, ///< until all have come, or waited for long enough
    checking,  ///< until a heartbeat sent since `closed` says which attempts still count
    running,   ///< the channel's agent
    telling,   ///< the coordinator, until the verdict on each
  };

  uint64_t id = 0;
  std::string channel;
  std::string digest;
  stage at = stage::gathering;
  moment first;
  moment closed;
  std::vector<notice_delivery> notices;
};

/// Every notice that was delivered and not yet acknowledged, by batch. Pure: the caller sends,
/// runs and tells the time.
class notice_book {
public:
  using moment = digest_batch::moment;

  explicit notice_book(std::chrono::milliseconds gather_max) : gather_max_{gather_max} {}

  /// Takes a notice in; a repeat of one that is done or held is acknowledged and dropped.
  void add(notice_delivery one, moment now);

  /// Closes the batches that are complete or have gathered for long enough; answers their ids.
  std::vector<uint64_t> close_complete(moment now);

  /// When the next batch will have gathered for long enough.
  moment next_close() const;

  std::list<digest_batch>& batches() { return batches_; }
  const std::list<digest_batch>& batches() const { return batches_; }
  digest_batch* find(uint64_t id);

  /// The attempts that notices stand for.
  std::vector<attempt_key> attempts() const;

  /// A notice is done with: acknowledges it. `key_of(notice)` says which.
  void settle(const attempt_key& which);

  /// Nobody waits for word of copies: acknowledges those of a batch that are done with.
  void finish_copies(digest_batch& of, const std::function<bool(const notice_delivery&)>& is_done);

  /// Gives a notice back, to be delivered again after `delay`.
  void give_back(digest_batch& from, const attempt_key& which, std::chrono::milliseconds delay);

  /// Gives every notice back that no verdict is awaited for.
  void give_all_back();

  void forget(uint64_t batch);

  /// Keeps the bus from delivering what is held again.
  void touch() const;

  bool empty() const { return batches_.empty(); }

private:
  bool is_repeat(const std::string& key, notice_delivery& one);

  std::chrono::milliseconds gather_max_;
  std::list<digest_batch> batches_;
  recent_set done_{10'000};
  uint64_t last_id_ = 0;
};

inline attempt_key key_of(const bus::notice& x) {
  if (x.step.empty())
    return {x.migration, {}, x.telling.number, x.telling.channel};
  return {x.migration, x.step, x.epoch};
}

} // namespace skein::actors
