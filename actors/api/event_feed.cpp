#include "actors/api/event_feed.hpp"

#include "config/log.hpp"

#include <condition_variable>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>
#include <unordered_set>

namespace skein::actors {

namespace {

using clock = std::chrono::steady_clock;
using piece = cluster::http_stream::piece;

/// How many events one look into the log for one client goes through, so that a client that reads
/// from the beginning keeps the others waiting for a moment only.
constexpr uint64_t looked_at_most = 2000;

piece text(std::string what) { return std::make_shared<const std::string>(std::move(what)); }

/// A comment, and an id without data: that moves on from where a client that comes back goes on.
piece heartbeat(uint64_t seen) {
  return text(": still here\nid: " + std::to_string(seen) + "\n\n");
}

piece dropped_frame(const std::string& why, uint64_t seen) {
  const nlohmann::json data{{"reason", why}, {"last_event_id", std::to_string(seen)}};
  return text("event: dropped\ndata: " + data.dump() + "\n\n");
}

/// All of it is for the feed's thread alone, once it has arrived.
struct client {
  event_filter filter;
  uint64_t seen; ///< everything up to here was sent, or is not wanted
  std::string who;
  std::shared_ptr<cluster::http_stream> stream;
  bool writing = false;
  bool was_live = false; ///< had been sent all there was, once
  bool is_dropped = false;
  bool is_over = false; ///< the last piece is on its way
  clock::time_point spoken = clock::now();
};

using client_ptr = std::shared_ptr<client>;

} // namespace

class event_feed::impl : public std::enable_shared_from_this<impl> {
public:
  impl(const store::log_reader& log, const store::view_reader& view, feed_options options)
      : options_{options}, ring_{log, view, options.ring_events} {}

  void start() {
    thread_ = std::thread{[this] { run(); }};
  }
  void stop();
  void grew();
  cluster::http_response open(uint64_t after, event_filter filter, std::string who);
  feed_counts counts() const;

private:
  /// A place among the clients, from the answer until the connection is gone.
  struct seat {
    std::shared_ptr<impl> feed;
    client_ptr who;
    seat(std::shared_ptr<impl> of, client_ptr it) : feed{std::move(of)}, who{std::move(it)} {}
    seat(const seat&) = delete;
    ~seat() { feed->leave(who); }
  };

  void arrive(const client_ptr& who, std::shared_ptr<cluster::http_stream> stream);
  void leave(const client_ptr& who);
  void taken(const client_ptr& who);

  void run();
  bool look_at_the_log(bool is_read);
  void serve(const client_ptr& to, clock::time_point now);
  void drop(client& who);
  std::vector<piece> next_of(client& to);
  std::vector<piece> from_ring(client& to);
  std::vector<piece> from_log(client& to);
  void send(const client_ptr& to, std::vector<piece> pieces, clock::time_point now);

  const feed_options options_;

  // Of the feed's thread alone.
  event_ring ring_;
  std::vector<client_ptr> unfinished_; ///< have more to be looked at, without waiting for anything
  uint64_t sent_ = 0, dropped_ = 0;

  mutable std::mutex guard_;
  std::condition_variable changed_;
  bool ends_ = false;
  bool has_grown_ = true;
  std::unordered_set<client_ptr> clients_;
  std::vector<client_ptr> ready_; ///< have arrived, or have taken what they were sent
  std::size_t seats_ = 0;
  feed_counts counts_;
  std::thread thread_;
};

void event_feed::impl::stop() {
  {
    const std::lock_guard lock{guard_};
    ends_ = true;
  }
  changed_.notify_all();
  thread_.join();
  const std::lock_guard lock{guard_};
  for (const auto& each : clients_)
    each->stream->close();
}

void event_feed::impl::grew() {
  const std::lock_guard lock{guard_};
  has_grown_ = true;
  changed_.notify_one();
}

feed_counts event_feed::impl::counts() const {
  const std::lock_guard lock{guard_};
  return counts_;
}

cluster::http_response event_feed::impl::open(uint64_t after, event_filter filter,
                                              std::string who) {
  {
    const std::lock_guard lock{guard_};
    if (seats_ >= options_.clients_max)
      return problem(503, "there are " + std::to_string(seats_)
                              + " readers of the live events already; ask again later");
    ++seats_;
  }
  const auto held = std::make_shared<seat>(
      shared_from_this(),
      std::make_shared<client>(client{std::move(filter), after, std::move(who), nullptr}));
  auto streaming = std::make_shared<cluster::http_streaming>();
  streaming->begin = [held](std::shared_ptr<cluster::http_stream> stream) {
    held->feed->arrive(held->who, std::move(stream));
  };
  streaming->end = [] {}; // the seat goes with it
  return {.status = 200,
          .content_type = "text/event-stream",
          .headers = {{"Cache-Control", "no-store"}, {"X-Accel-Buffering", "no"}},
          .stream = std::move(streaming)};
}

void event_feed::impl::arrive(const client_ptr& who, std::shared_ptr<cluster::http_stream> stream) {
  const std::lock_guard lock{guard_};
  who->stream = std::move(stream);
  clients_.insert(who);
  ready_.push_back(who);
  counts_.clients = clients_.size();
  changed_.notify_one();
}

void event_feed::impl::leave(const client_ptr& who) {
  const std::lock_guard lock{guard_};
  --seats_;
  clients_.erase(who);
  counts_.clients = clients_.size();
}

void event_feed::impl::taken(const client_ptr& who) {
  const std::lock_guard lock{guard_};
  ready_.push_back(who);
  changed_.notify_one();
}

void event_feed::impl::run() {
  auto beat = clock::now();
  std::unique_lock lock{guard_};
  while (!ends_) {
    if (unfinished_.empty())
      changed_.wait_until(lock, beat + options_.heartbeat,
                          [this] { return ends_ || has_grown_ || !ready_.empty(); });
    const auto now = clock::now();
    const bool all = std::exchange(has_grown_, false) || now >= beat + options_.heartbeat;
    const auto ready = std::exchange(ready_, {});
    const auto everybody = all ? std::vector<client_ptr>{clients_.begin(), clients_.end()}
                               : std::vector<client_ptr>{};
    const auto is_read = !clients_.empty();
    lock.unlock();
    for (const auto& each : ready)
      each->writing = false;
    const auto more = look_at_the_log(is_read);
    const auto unfinished = std::exchange(unfinished_, {});
    if (all)
      beat = now;
    else
      for (const auto* these : {&ready, &unfinished})
        for (const auto& each : *these)
          serve(each, now);
    for (const auto& each : everybody)
      serve(each, now);
    lock.lock();
    has_grown_ = has_grown_ || more;
    counts_.last_sequence = ring_.last();
    counts_.sent = sent_;
    counts_.dropped = dropped_;
  }
}

/// Whether there is more than was taken in. A fleet that nobody watches is not read at all.
bool event_feed::impl::look_at_the_log(bool is_read) {
  if (!is_read) {
    ring_.pass_over();
    return false;
  }
  const auto more = ring_.take_in();
  if (!more)
    log::error("feed-behind", "{}", more.error().what);
  return more.value_or(false);
}

void event_feed::impl::serve(const client_ptr& to, clock::time_point now) {
  auto& it = *to;
  if (it.was_live && !it.is_dropped && it.seen + 1 < ring_.first())
    drop(it);
  if (it.writing || it.is_over)
    return;
  if (it.is_dropped) {
    it.is_over = true;
    send(to,
         {dropped_frame("you are " + std::to_string(ring_.last() - it.seen)
                            + " events behind, more than are kept ready; come back with "
                              "Last-Event-ID and read faster, or ask for less",
                        it.seen)},
         now);
    return it.stream->close();
  }
  auto pieces = next_of(it);
  it.was_live = it.was_live || it.seen == ring_.last();
  if (!pieces.empty()) {
    sent_ += pieces.size();
    return send(to, std::move(pieces), now);
  }
  if (it.seen < ring_.last() && !it.is_over)
    return unfinished_.push_back(to);
  if (now - it.spoken >= options_.heartbeat)
    send(to, {heartbeat(it.seen)}, now);
}

void event_feed::impl::drop(client& who) {
  who.is_dropped = true;
  ++dropped_;
  log::warn("reader-dropped", "{} read the live events too slowly: it is {} behind", who.who,
            ring_.last() - who.seen);
}

std::vector<piece> event_feed::impl::next_of(client& to) {
  return to.seen + 1 < ring_.first() ? from_log(to) : from_ring(to);
}

std::vector<piece> event_feed::impl::from_ring(client& to) {
  std::vector<piece> result;
  std::size_t bytes = 0;
  while (to.seen < ring_.last() && bytes < options_.chunk_bytes) {
    auto& next = ring_.at(++to.seen);
    if (!ring_.wants(to.filter, next))
      continue;
    bytes += next.frame()->size();
    result.push_back(next.frame());
  }
  return result;
}

std::vector<piece> event_feed::impl::from_log(client& to) {
  std::vector<piece> result;
  std::size_t bytes = 0;
  auto filter = to.filter; // it remembers owners, who may change
  const auto most = std::min(looked_at_most, ring_.last() - to.seen);
  const auto read = ring_.log().read(to.seen + 1, most, [&](const store::stored& from) {
    if (bytes >= options_.chunk_bytes)
      return false;
    to.seen = from.sequence;
    feed_event what{from};
    if (!ring_.wants(filter, what))
      return true;
    bytes += what.frame()->size();
    result.push_back(what.frame());
    return true;
  });
  if (!read) {
    log::error("feed-behind", "{}", read.error().what);
    to.is_over = true;
    to.stream->close();
  }
  return result;
}

void event_feed::impl::send(const client_ptr& to, std::vector<piece> pieces,
                            clock::time_point now) {
  to->writing = true;
  to->spoken = now;
  to->stream->write(std::move(pieces), [self = shared_from_this(), to](bool ok) {
    if (ok)
      self->taken(to);
  });
}

event_feed::event_feed(const store::log_reader& log, const store::view_reader& view,
                       feed_options options)
    : impl_{std::make_shared<impl>(log, view, options)} {
  impl_->start();
}

event_feed::~event_feed() { impl_->stop(); }

void event_feed::grew() { impl_->grew(); }

cluster::http_response event_feed::open(uint64_t after, event_filter filter, std::string who) {
  return impl_->open(after, std::move(filter), std::move(who));
}

feed_counts event_feed::counts() const { return impl_->counts(); }

} // namespace skein::actors
