#pragma once

#include <caf/send.hpp>

#include <mutex>
#include <utility>

namespace skein::actors {

/// The way to an actor for callbacks on other threads' time: once closed, nothing gets through,
/// and nobody is under way any more. Closed by the actor's own end (`keep_door`).
template <class Actor>
class door {
public:
  explicit door(Actor to) : to_{std::move(to)} {}

  template <class Message>
  void send(Message&& what) {
    const std::lock_guard lock{guard_};
    if (to_)
      caf::anon_send(to_, std::forward<Message>(what));
  }

  void close() {
    Actor last; // released without the lock
    const std::lock_guard lock{guard_};
    std::swap(last, to_);
  }

private:
  std::mutex guard_;
  Actor to_;
};

/// Makes an actor's door, which closes when the actor ends.
template <class Actor, class Self>
std::shared_ptr<door<Actor>> keep_door(Self* self) {
  auto result = std::make_shared<door<Actor>>(caf::actor_cast<Actor>(self));
  self->attach_functor([result] { result->close(); });
  return result;
}

} // namespace skein::actors
