#include "cluster/bus_impl.hpp"
#include "cluster/pull.hpp"

namespace skein::cluster {

namespace {

using namespace std::chrono_literals;

constexpr int batch = 256;
// A request that an outage swallowed is missed after this time.
constexpr auto ask_again_after = 1000ms;
constexpr auto retry_after = 200ms;
// How long the server keeps our place after it has lost sight of us.
constexpr auto forgotten_after = 30s;

} // namespace

/// Reads through a consumer without acknowledgements that only this follower knows. Whatever goes
/// wrong (the server died and forgot it, a reconnect swallowed messages), it makes a new one that
/// begins after the last message handed over.
struct follower::impl {
  std::shared_ptr<nats_link> link;
  std::string stream, filter_subject;
  std::function<void(message, std::uint64_t)> handler;
  std::uint64_t next = 1;

  pull_source source;
  std::uint64_t next_consumer_sequence = 1;

  std::mutex mutex;
  std::condition_variable stopped;
  bool stopping = false;
  std::thread thread;

  expected<void> open();
  void run();
  bool read();
  bool is_stopping();
};

expected<void> follower::impl::open() {
  jsConsumerConfig config;
  jsConsumerConfig_Init(&config);
  config.FilterSubject = filter_subject.empty() ? nullptr : filter_subject.c_str();
  config.DeliverPolicy = js_DeliverByStartSequence;
  config.OptStartSeq = next;
  config.AckPolicy = js_AckNone;
  config.MemoryStorage = true;
  config.InactiveThreshold = to_ns(forgotten_after);
  auto opened = pull_source::open(link, stream, config);
  if (!opened)
    return tl::unexpected{opened.error()};
  next_consumer_sequence = 1;
  const std::lock_guard lock{mutex};
  source = std::move(*opened);
  return {};
}

bool follower::impl::is_stopping() {
  const std::lock_guard lock{mutex};
  return stopping;
}

// False when the consumer is of no use any more.
bool follower::impl::read() {
  auto got = source.pull(batch, ask_again_after);
  if (!got)
    return false;
  for (auto& each : *got) {
    if (each.consumer_sequence != next_consumer_sequence++)
      return false;
    if (is_stopping())
      return true;
    next = each.stream_sequence + 1;
    handler(std::move(each.content), each.stream_sequence);
  }
  return true;
}

void follower::impl::run() {
  bool usable = true;
  while (!is_stopping()) {
    usable = usable ? read() : open().has_value();
    if (usable)
      continue;
    std::unique_lock lock{mutex};
    stopped.wait_for(lock, retry_after, [&] { return stopping; });
  }
}

follower::follower(std::shared_ptr<impl> shared) : impl_{std::move(shared)} {
  impl_->thread = std::thread{[self = impl_] { self->run(); }};
}

follower::~follower() {
  {
    const std::lock_guard lock{impl_->mutex};
    impl_->stopping = true;
    impl_->stopped.notify_all();
    impl_->source.stop(); // wakes the thread
  }
  if (impl_->thread.get_id() == std::this_thread::get_id())
    impl_->thread.detach();
  else
    impl_->thread.join();
}

expected<std::unique_ptr<follower>>
bus::follow(const follow_options& options,
            std::function<void(message, std::uint64_t stream_sequence)> handler) {
  auto state = stream_info(options.stream);
  if (!state)
    return tl::unexpected{state.error()};
  auto self = std::make_shared<follower::impl>();
  self->link = impl_->fast;
  self->stream = options.stream;
  self->filter_subject = options.filter_subject;
  self->handler = std::move(handler);
  self->next = options.from == follow_options::only_new ? state->last_sequence + 1
                                                        : std::max<std::uint64_t>(options.from, 1);
  if (auto opened = self->open(); !opened)
    return tl::unexpected{opened.error()};
  return std::unique_ptr<follower>{new follower{std::move(self)}};
}

} // namespace skein::cluster
