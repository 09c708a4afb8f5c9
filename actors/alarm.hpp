#pragma once

#include "actors/types.hpp"

#include <algorithm>
#include <chrono>
#include <optional>

namespace skein::actors {

/// A point in the monotonic time of an actor's clock, which tests let pass as they like.
using moment = std::chrono::steady_clock::time_point;

/// Wakes an actor with `tick` when it next has something to do. CAF 0.17 cannot recall a delayed
/// message, so a tick may also come early and late ones may be left over: an actor looks at what is
/// due, and sets its alarm again.
class alarm {
public:
  template <class Self>
  void set(Self self, moment when) {
    if (when == moment::max() || (next_ && *next_ <= when))
      return;
    next_ = when;
    self->delayed_send(self, std::max(when - self->clock().now(), moment::duration::zero()),
                       atom::tick_v);
  }

  void rang(moment now) {
    if (next_ && *next_ <= now)
      next_.reset();
  }

private:
  std::optional<moment> next_;
};

} // namespace skein::actors
