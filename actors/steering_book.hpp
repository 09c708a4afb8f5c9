#pragma once

#include "events/steering.hpp"

#include <memory>
#include <mutex>
#include <string>

namespace skein::actors {

/// An order about the fleet as a whole.
struct steering_order {
  steering::order what;
  std::string actor;
  std::string reason;
};

/// How the fleet is steered, as the log has it; for all who only look. Any thread.
class steering_book {
public:
  std::shared_ptr<const steering::state> now() const {
    const std::lock_guard lock{guard_};
    return now_;
  }

  void set(std::shared_ptr<const steering::state> next) {
    const std::lock_guard lock{guard_};
    now_ = std::move(next);
  }

private:
  mutable std::mutex guard_;
  std::shared_ptr<const steering::state> now_ = std::make_shared<const steering::state>();
};

} // namespace skein::actors
