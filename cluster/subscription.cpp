#include "cluster/bus_impl.hpp"

#include <atomic>

namespace skein::cluster {

namespace {

constexpr std::int64_t tell_server_ms = 2000;

// What the library's thread uses. It keeps a reference of its own, which it gives up when it will
// call no more.
struct receiver {
  std::function<void(message)> handler;
  std::atomic<std::thread::id> running{};
  std::promise<void> done;
};

void on_message(natsConnection*, natsSubscription*, natsMsg* raw, void* closure) {
  const auto self = *static_cast<std::shared_ptr<receiver>*>(closure);
  const nats_message msg{raw};
  self->running = std::this_thread::get_id();
  self->handler(from_nats(raw));
  self->running = std::thread::id{};
}

void on_complete(void* closure) {
  const std::unique_ptr<std::shared_ptr<receiver>> self{
      static_cast<std::shared_ptr<receiver>*>(closure)};
  (*self)->done.set_value();
}

natsStatus start(natsSubscription** out, natsConnection* connection, const std::string& subject,
                 const std::string& queue_group, std::shared_ptr<receiver>* closure) {
  return queue_group.empty()
             ? natsConnection_Subscribe(out, connection, subject.c_str(), on_message, closure)
             : natsConnection_QueueSubscribe(out, connection, subject.c_str(), queue_group.c_str(),
                                             on_message, closure);
}

} // namespace

struct subscription::impl {
  std::shared_ptr<nats_link> link;
  std::shared_ptr<receiver> target;
  nats_subscription handle;

  ~impl() {
    if (!handle)
      return;
    natsSubscription_Unsubscribe(handle.get());
    if (target->running.load() != std::this_thread::get_id())
      target->done.get_future().wait();
  }
};

subscription::subscription() = default;
subscription::subscription(std::unique_ptr<impl> owned) : impl_{std::move(owned)} {}
subscription::subscription(subscription&&) noexcept = default;
subscription& subscription::operator=(subscription&&) noexcept = default;
subscription::~subscription() = default;

expected<subscription> bus::subscribe(const std::string& subject, const std::string& queue_group,
                                      std::function<void(message)> handler) {
  auto out = std::make_unique<subscription::impl>();
  out->link = impl_->fast;
  out->target = std::make_shared<receiver>();
  out->target->handler = std::move(handler);
  auto closure = std::make_unique<std::shared_ptr<receiver>>(out->target);
  natsSubscription* raw = nullptr;
  auto status = start(&raw, out->link->connection(), subject, queue_group, closure.get());
  if (status == NATS_OK)
    status = natsSubscription_SetOnCompleteCB(raw, on_complete, closure.get());
  if (status != NATS_OK) {
    natsSubscription_Destroy(raw);
    return nats_fail("subscribe to " + subject, status);
  }
  closure.release();
  out->handle.reset(raw);
  // An unreachable server learns of it when the connection is back.
  natsConnection_FlushTimeout(out->link->connection(), tell_server_ms);
  return subscription{std::move(out)};
}

} // namespace skein::cluster
