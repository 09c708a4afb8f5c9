#include "actors/intake_pump.hpp"

#include "cluster/subjects.hpp"
#include "config/log.hpp"

#include <atomic>
#include <caf/send.hpp>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace skein::actors {

namespace {

constexpr std::chrono::milliseconds fetch_patience{500};
constexpr std::chrono::milliseconds outage_pause{200};
/// How soon a change of the limit, or the end of a halt, is seen.
constexpr std::chrono::milliseconds steering_pause{200};
constexpr std::chrono::seconds again_after{1};
constexpr std::chrono::seconds publish_patience{5};

expected<bus::migrate_request> request_of(const cluster::message& what) {
  const auto how = bus::encoding_of(header_of(what, "Content-Type"));
  if (!how)
    return tl::unexpected{how.error()};
  return bus::decode<bus::migrate_request>(what.data, *how);
}

} // namespace

struct intake_pump::impl : std::enable_shared_from_this<impl> {
  impl(cluster::bus& bus_, intake_actor to_, uint32_t most,
       std::shared_ptr<const steering_book> steering_)
      : bus{bus_}, to{std::move(to_)}, usual{most}, steering{std::move(steering_)} {}

  void run() {
    while (const auto room = wait_for_room()) {
      auto fetched = queue->fetch(static_cast<int>(room), fetch_patience);
      if (!fetched)
        pause(fetched.error().what);
      else
        for (auto& one : *fetched)
          hand_over(std::move(one));
    }
  }

  /// 0 when it is time to stop.
  uint32_t wait_for_room() {
    std::unique_lock lock{guard};
    for (;;) {
      if (stopping)
        return 0;
      if (const auto most = in_flight_max(); most > in_flight)
        return most - in_flight;
      changed.wait_for(lock, steering_pause);
    }
  }

  /// As the fleet is steered just now.
  uint32_t in_flight_max() const {
    const auto fleet = steering->now();
    if (fleet->is_halted)
      return 0;
    const auto other = fleet->limits.find("intake");
    return other == fleet->limits.end() ? usual : other->second;
  }

  void pause(const std::string& why) {
    std::unique_lock lock{guard};
    if (changed.wait_for(lock, outage_pause, [&] { return stopping; }))
      return;
    log::debug("intake-waits", "{}", why);
  }

  void release() {
    std::lock_guard lock{guard};
    tell(tell_in_flight, --in_flight);
    changed.notify_all();
  }

  void hand_over(cluster::delivery one) {
    {
      std::lock_guard lock{guard};
      tell(tell_in_flight, ++in_flight);
    }
    auto request = request_of(one.message);
    if (!request)
      return bury(one, request.error().what);
    auto self = shared_from_this();
    caf::anon_send(to, intake_item{
                           std::move(*request),
                           [self, one] { (void)one.ack(), self->release(); },
                           [self, one](const std::string& why) { self->bury(one, why); },
                           [self, one] { (void)one.nak(again_after), self->release(); },
                       });
  }

  /// Publishes before it lets go: a letter may be there twice, but is never lost.
  void bury(const cluster::delivery& one, const std::string& why) {
    bus::dead_letter letter{one.message.subject, why, one.message.data,
                            header_of(one.message, "Content-Type")};
    const auto id = "actions:" + std::to_string(one.stream_sequence);
    const auto kept = bus.publish_durable(
        cluster::subjects::dead_letter, encode(letter, bus::encoding::json), id,
        {{"Content-Type", std::string{bus::json_content_type}}}, publish_patience);
    if (kept) {
      ++dead;
      log::warn("request-refused", "a request on {} went to the dead letters: {}",
                one.message.subject, why);
      (void)one.ack();
    } else {
      (void)one.nak(again_after);
    }
    release();
  }

  cluster::bus& bus;
  intake_actor to;
  std::unique_ptr<cluster::pull_consumer> queue;
  std::mutex guard;
  std::condition_variable changed;
  const uint32_t usual;
  const std::shared_ptr<const steering_book> steering;
  uint32_t in_flight = 0; ///< and not yet in the log
  queue_gauge tell_in_flight;
  bool stopping = false;
  std::atomic<uint64_t> dead{0};
  std::thread thread;
};

expected<std::unique_ptr<intake_pump>> intake_pump::start(cluster::bus& bus, intake_actor to,
                                                          uint32_t in_flight_max,
                                                          std::shared_ptr<const steering_book> by,
                                                          queue_gauge tell_in_flight) {
  auto shared
      = std::make_shared<impl>(bus, std::move(to), std::max(in_flight_max, 1u), std::move(by));
  shared->tell_in_flight = std::move(tell_in_flight);
  auto queue = bus.consume({cluster::streams::actions, "skein-intake"});
  if (!queue)
    return tl::unexpected{queue.error()};
  shared->queue = std::move(*queue);
  shared->thread = std::thread{[raw = shared.get()] { raw->run(); }};
  return std::unique_ptr<intake_pump>{new intake_pump{std::move(shared)}};
}

intake_pump::intake_pump(std::shared_ptr<impl> owned) : impl_{std::move(owned)} {}

intake_pump::~intake_pump() {
  {
    std::lock_guard lock{impl_->guard};
    impl_->stopping = true;
    impl_->changed.notify_all();
  }
  impl_->queue->stop();
  impl_->thread.join();
}

uint64_t intake_pump::dead_letters() const { return impl_->dead; }

} // namespace skein::actors
