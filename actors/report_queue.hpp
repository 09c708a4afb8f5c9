#pragma once

#include "events/bus.hpp"
#include "events/failure.hpp"

#include <chrono>
#include <compare>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace skein::actors {

/// One attempt among all; or, without a step, one telling on one channel.
struct attempt_key {
  std::string migration;
  std::string step;
  uint64_t epoch = 0; ///< or the telling's number
  std::string channel = {};

  auto operator<=>(const attempt_key&) const = default;
};

inline attempt_key key_of(const bus::report::item& x) {
  if (x.result.step.empty())
    return {x.migration, {}, x.telling.number, x.telling.channel};
  return {x.migration, x.result.step, x.result.epoch};
}

inline attempt_key key_of(const bus::heartbeat::lease& x) { return {x.migration, x.step, x.epoch}; }

/// Results on their way to the coordinator, in batches of bounded size, each repeated until there
/// is a verdict on it. One batch is under way at a time. Pure: the caller sends and tells the time.
class report_queue {
public:
  using moment = std::chrono::steady_clock::time_point;

  struct verdict {
    bus::report::item item;
    bool accepted = false;
    std::string why; ///< it was refused, for good
  };

  void add(bus::report::item item) { entries_.push_back({std::move(item), false}); }

  /// The batch to send now, if any; answered() must follow.
  std::vector<bus::report::item> next(moment now);

  /// Takes the answer to the last batch; answers what is settled. The rest is repeated later.
  std::vector<verdict> answered(const expected<bus::report_reply>& reply, moment now);

  /// Nobody waits for this result any more.
  void drop(const attempt_key& which);

  /// When next() will have something; `moment::max()` if that needs an answer or a result first.
  moment due() const;

  bool empty() const { return entries_.empty(); }
  std::vector<attempt_key> keys() const;

private:
  struct entry {
    bus::report::item item;
    bool is_dropped = false;
  };

  std::deque<entry> entries_;
  std::size_t under_way_ = 0; ///< this many at the front have been sent
  uint32_t failures_ = 0;
  moment not_before_{};
};

} // namespace skein::actors
