#include "cluster/bus_impl.hpp"
#include "cluster/pull.hpp"

namespace skein::cluster {

namespace {

expected<void> answer(const delivery& to, const std::string& data) {
  auto sent = to.link->publish({to.message.reply, {}, data, {}});
  if (!sent)
    return fail("cannot answer delivery " + std::to_string(to.stream_sequence) + " of "
                + to.message.subject + ": " + sent.error().what);
  return sent;
}

} // namespace

// The payloads are NATS's own: its server acts on what is published to a delivery's reply subject.
expected<void> delivery::ack() const { return answer(*this, "+ACK"); }
expected<void> delivery::in_progress() const { return answer(*this, "+WPI"); }
expected<void> delivery::term() const { return answer(*this, "+TERM"); }
expected<void> delivery::nak(std::chrono::milliseconds delay) const {
  return answer(*this, delay.count() == 0
                           ? "-NAK"
                           : "-NAK {\"delay\": " + std::to_string(to_ns(delay)) + "}");
}

struct pull_consumer::impl {
  std::shared_ptr<nats_link> link;
  pull_source source;
  std::string name;
};

pull_consumer::pull_consumer(std::unique_ptr<impl> owned) : impl_{std::move(owned)} {}
pull_consumer::~pull_consumer() = default;

expected<std::unique_ptr<pull_consumer>> bus::consume(const pull_options& options) {
  jsConsumerConfig config;
  jsConsumerConfig_Init(&config);
  config.Durable = options.durable.c_str();
  config.FilterSubject = options.filter_subject.empty() ? nullptr : options.filter_subject.c_str();
  config.AckPolicy = js_AckExplicit;
  config.AckWait = to_ns(options.ack_wait);
  config.MaxDeliver = options.max_deliver;
  config.MaxAckPending = options.max_ack_pending;
  auto source = pull_source::open(impl_->fast, options.stream, config);
  if (!source)
    return tl::unexpected{source.error()};
  auto out = std::make_unique<pull_consumer::impl>(pull_consumer::impl{
      impl_->fast, std::move(*source), options.durable + " of the stream " + options.stream});
  return std::unique_ptr<pull_consumer>{new pull_consumer{std::move(out)}};
}

expected<std::vector<delivery>> pull_consumer::fetch(int batch, std::chrono::milliseconds timeout) {
  auto got = impl_->source.pull(batch, timeout);
  if (!got)
    return fail("consumer " + impl_->name + ": " + got.error().what);
  std::vector<delivery> out;
  for (auto& each : *got)
    out.push_back({std::move(each.content), each.num_delivered, each.stream_sequence, impl_->link});
  return out;
}

void pull_consumer::stop() { impl_->source.stop(); }

} // namespace skein::cluster
