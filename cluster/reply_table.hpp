#pragma once

#include "cluster/nats_link.hpp"

#include <condition_variable>
#include <set>
#include <thread>
#include <unordered_map>

namespace skein::cluster {

/// Questions sent on one connection that wait for their answer (internal to cluster/). One inbox
/// subscription (`<inbox>.<id>`) and one timer thread serve any number of them.
class reply_table {
public:
  using callback = std::function<void(expected<message>)>;

  reply_table();
  /// Answers what still waits with a failure.
  ~reply_table();

  /// Once, before the first ask().
  expected<void> open(std::shared_ptr<nats_link> link);

  /// Sends `question` and calls back exactly once: on the inbox's thread with the answer; on the
  /// timer's thread when the time is over; on the calling thread if it cannot be sent.
  /// Returns whether it was sent.
  bool ask(const message& question, std::chrono::milliseconds timeout, callback done);

  /// Answers everything that waits with a failure: its answers cannot come any more.
  void fail_all(const std::string& why);

private:
  using clock = std::chrono::steady_clock;
  using id = std::uint64_t;

  struct waiting {
    clock::time_point deadline;
    std::string subject;
    callback done;
  };

  id add(const message& question, std::chrono::milliseconds timeout, callback done);
  std::optional<waiting> take(id which);
  void expire();
  static void on_reply(natsConnection*, natsSubscription*, natsMsg* raw, void* closure);
  static void on_complete(void* closure);

  std::shared_ptr<nats_link> link_;
  std::string prefix_;
  nats_subscription inbox_;
  std::promise<void> inbox_done_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::unordered_map<id, waiting> waiting_;
  std::set<std::pair<clock::time_point, id>> deadlines_;
  id last_id_ = 0;
  bool stopping_ = false;
  std::thread timer_;
};

} // namespace skein::cluster
