#include "cluster/bus.hpp"

#include "cluster/bus_impl.hpp"

namespace skein::cluster {

void link_states::on_state(bus_state state, std::string_view text) {
  std::unique_lock lock{mutex_};
  const bool tell = state == bus_state::trouble
                    || (state == bus_state::disconnected && ++down_ == 1)
                    || (state == bus_state::connected && --down_ == 0)
                    || (state == bus_state::closed && ++closed_ == 2);
  lock.unlock();
  if (tell && sink_)
    sink_(state, text);
}

bus::impl::~impl() {
  for (const auto& link : {bulk, fast})
    if (link)
      link->close();
}

expected<void> bus::impl::open(const bus_options& options, bool send_at_once) {
  auto& replies = send_at_once ? fast_replies : bulk_replies;
  const auto sink = [this, &replies](bus_state state, std::string_view text) {
    if (state == bus_state::disconnected || state == bus_state::closed)
      replies.fail_all(std::string{text});
    states.on_state(state, text);
  };
  auto link = nats_link::open(options, send_at_once, sink);
  if (!link)
    return tl::unexpected{link.error()};
  (send_at_once ? fast : bulk) = *link;
  return replies.open(*link);
}

expected<std::unique_ptr<bus>> bus::connect(bus_options options) {
  auto self = std::make_unique<impl>(options.on_state);
  for (const bool send_at_once : {false, true})
    if (auto opened = self->open(options, send_at_once); !opened)
      return tl::unexpected{opened.error()};
  return std::unique_ptr<bus>{new bus{std::move(self)}};
}

bus::bus(std::unique_ptr<impl> owned) : impl_{std::move(owned)} {}
bus::~bus() = default;

bool bus::is_connected() const {
  for (const auto* link : {impl_->bulk.get(), impl_->fast.get()})
    if (natsConnection_Status(link->connection()) != NATS_CONN_STATUS_CONNECTED)
      return false;
  return true;
}

expected<void> bus::publish(const message& what) { return impl_->bulk->publish(what, what.reply); }

expected<void> bus::flush(std::chrono::milliseconds timeout) {
  const auto status = natsConnection_FlushTimeout(impl_->bulk->connection(), timeout.count());
  if (status != NATS_OK)
    return nats_fail("flush what was published", status);
  return {};
}

expected<message> bus::request(const std::string& subject, const std::string& data,
                               std::chrono::milliseconds timeout, const header_list& headers) {
  auto question = to_nats({subject, {}, data, headers}, {});
  if (!question)
    return tl::unexpected{question.error()};
  natsMsg* raw = nullptr;
  const auto status = natsConnection_RequestMsg(&raw, impl_->fast->connection(), question->get(),
                                                timeout.count());
  const nats_message reply{raw};
  if (status != NATS_OK)
    return nats_fail("get an answer from " + subject, status);
  return from_nats(raw);
}

void bus::request_async(const std::string& subject, const std::string& data,
                        std::chrono::milliseconds timeout,
                        std::function<void(expected<message>)> callback) {
  impl_->fast_replies.ask({subject, {}, data, {}}, timeout, std::move(callback));
}

expected<void> bus::respond(const message& request, const std::string& data) {
  if (request.reply.empty())
    return fail("cannot answer the message on " + request.subject
                + ": it names no reply subject; its sender wants no answer");
  return impl_->fast->publish({request.reply, {}, data, {}});
}

} // namespace skein::cluster
