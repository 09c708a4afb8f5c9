#include "actors/notice_pump.hpp"

#include "cluster/subjects.hpp"
#include "config/log.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace skein::actors {

namespace {

using namespace std::chrono_literals;
using queue_ptr = std::unique_ptr<cluster::pull_consumer>;

/// Also how long the end takes: a fetch that is cut short loses what was on its way to it until
/// `ack_wait` has passed.
constexpr std::chrono::milliseconds fetch_patience = 500ms;
constexpr std::chrono::milliseconds outage_pause = 200ms;
constexpr int fetch_max = 256;

/// More than a digest may have; what does not fit waits on the server.
constexpr int64_t in_flight_max = 20'000;

expected<void> ensure_notify_stream(cluster::bus& link) {
  const auto all = cluster::streams::all({cluster::subjects::actions});
  const auto mine = std::find_if(all.begin(), all.end(), [](const cluster::stream_config& x) {
    return x.name == cluster::streams::notify;
  });
  return link.ensure_stream(*mine);
}

expected<queue_ptr> open_queue(cluster::bus& link, const std::string& channel) {
  const auto subject = cluster::subjects::notify(channel);
  if (!subject)
    return tl::unexpected{subject.error()};
  if (auto ready = ensure_notify_stream(link); !ready)
    return tl::unexpected{ready.error()};
  const auto token = cluster::encode_token(channel).value_or("=");
  return link.consume({.stream = cluster::streams::notify,
                       .durable = "skein-notifier-" + token,
                       .filter_subject = *subject,
                       .ack_wait = notice_pump::ack_wait,
                       .max_ack_pending = in_flight_max});
}

expected<bus::notice> notice_in(const cluster::message& what) {
  std::string type;
  for (const auto& [name, value] : what.headers)
    if (name == "Content-Type")
      type = value;
  const auto how = bus::encoding_of(type);
  if (!how)
    return tl::unexpected{how.error()};
  return bus::decode<bus::notice>(what.data, *how);
}

} // namespace

struct notice_pump::impl {
  impl(cluster::bus& link_, std::string channel_, std::function<void(notice_delivery)> to_)
      : link{link_}, channel{std::move(channel_)}, to{std::move(to_)} {}

  void run() {
    while (!is_stopping()) {
      auto fetched = queue->fetch(fetch_max, fetch_patience);
      if (!fetched)
        recover(fetched.error().what);
      else
        for (auto& one : *fetched)
          hand_over(one);
    }
  }

  bool is_stopping() {
    const std::lock_guard lock{guard};
    return stopping;
  }

  /// The server is away, or came back without the consumer.
  void recover(const std::string& why) {
    {
      std::unique_lock lock{guard};
      if (changed.wait_for(lock, outage_pause, [&] { return stopping; }))
        return;
    }
    log::debug("notices-wait", "{}: {}", channel, why);
    auto again = open_queue(link, channel);
    const std::lock_guard lock{guard};
    if (again && !stopping)
      queue = std::move(*again);
  }

  void hand_over(const cluster::delivery& one) {
    auto what = notice_in(one.message);
    if (!what) {
      log::error("notice-unreadable", "on {}: {}", one.message.subject, what.error().what);
      return (void)one.term();
    }
    to({channel, std::move(*what), one.stream_sequence, one.num_delivered,
        [one] { (void)one.ack(); },
        [one](std::chrono::milliseconds delay) { (void)one.nak(delay); },
        [one] { (void)one.in_progress(); }});
  }

  void stop() {
    const std::lock_guard lock{guard};
    stopping = true;
    changed.notify_all();
  }

  cluster::bus& link;
  std::string channel;
  std::function<void(notice_delivery)> to;
  queue_ptr queue;
  std::mutex guard;
  std::condition_variable changed;
  bool stopping = false;
  std::thread thread;
};

expected<std::unique_ptr<notice_pump>> notice_pump::start(cluster::bus& link, std::string channel,
                                                          std::function<void(notice_delivery)> to) {
  auto queue = open_queue(link, channel);
  if (!queue)
    return tl::unexpected{queue.error()};
  auto owned = std::make_unique<impl>(link, std::move(channel), std::move(to));
  owned->queue = std::move(*queue);
  owned->thread = std::thread{[raw = owned.get()] { raw->run(); }};
  return std::unique_ptr<notice_pump>{new notice_pump{std::move(owned)}};
}

notice_pump::notice_pump(std::unique_ptr<impl> owned) : impl_{std::move(owned)} {}

notice_pump::~notice_pump() {
  impl_->stop();
  impl_->thread.join();
}

} // namespace skein::actors
