#include "cluster/reply_table.hpp"

#include <charconv>

namespace skein::cluster {

namespace {

expected<message> read_reply(const std::string& subject, natsMsg* raw) {
  if (natsMsg_IsNoResponders(raw))
    return nats_fail("ask " + subject, NATS_NO_RESPONDERS);
  return from_nats(raw);
}

} // namespace

reply_table::reply_table() : timer_{[this] { expire(); }} {}

expected<void> reply_table::open(std::shared_ptr<nats_link> link) {
  link_ = std::move(link);
  natsInbox* inbox = nullptr;
  if (const auto status = natsInbox_Create(&inbox); status != NATS_OK)
    return nats_fail("make an inbox for replies", status);
  // The library makes inboxes of the default prefix only; the part after it is what is unique.
  prefix_ = link_->inbox() + std::string{inbox}.substr(std::string{inbox}.find('.')) + ".";
  natsInbox_Destroy(inbox);
  natsSubscription* raw = nullptr;
  const auto status = natsConnection_Subscribe(&raw, link_->connection(), (prefix_ + "*").c_str(),
                                               on_reply, this);
  if (status != NATS_OK)
    return nats_fail("listen for replies", status);
  inbox_.reset(raw);
  // A thousand answers may come at once, and dropping one would cost its question's whole timeout.
  natsSubscription_SetPendingLimits(raw, -1, -1);
  natsSubscription_SetOnCompleteCB(raw, on_complete, this);
  return {};
}

reply_table::~reply_table() {
  if (inbox_) {
    natsSubscription_Unsubscribe(inbox_.get());
    inbox_done_.get_future().wait();
  }
  {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
    changed_.notify_all();
  }
  timer_.join();
  fail_all("the bus is being closed");
}

bool reply_table::ask(const message& question, std::chrono::milliseconds timeout, callback done) {
  const auto which = add(question, timeout, std::move(done));
  auto sent = link_->publish(question, prefix_ + std::to_string(which));
  if (sent)
    return true;
  if (const auto unanswered = take(which))
    unanswered->done(tl::unexpected{sent.error()});
  return false;
}

reply_table::id reply_table::add(const message& question, std::chrono::milliseconds timeout,
                                 callback done) {
  const auto deadline = clock::now() + timeout;
  const std::lock_guard lock{mutex_};
  waiting_.emplace(++last_id_, waiting{deadline, question.subject, std::move(done)});
  const auto place = deadlines_.emplace(deadline, last_id_).first;
  if (place == deadlines_.begin())
    changed_.notify_all();
  return last_id_;
}

// Whoever takes it answers it: that is what makes it exactly once.
std::optional<reply_table::waiting> reply_table::take(id which) {
  const std::lock_guard lock{mutex_};
  auto node = waiting_.extract(which);
  if (node.empty())
    return std::nullopt;
  deadlines_.erase({node.mapped().deadline, which});
  return std::move(node.mapped());
}

void reply_table::fail_all(const std::string& why) {
  std::unordered_map<id, waiting> unanswered;
  {
    const std::lock_guard lock{mutex_};
    unanswered.swap(waiting_);
    deadlines_.clear();
  }
  for (auto& [which, question] : unanswered)
    question.done(fail("no answer from " + question.subject + ": " + why
                       + "; it may have been carried out, so try again with the same ids"));
}

void reply_table::expire() {
  std::unique_lock lock{mutex_};
  while (!stopping_) {
    if (deadlines_.empty()) {
      changed_.wait(lock);
      continue;
    }
    const auto [deadline, which] = *deadlines_.begin();
    if (clock::now() < deadline) {
      changed_.wait_until(lock, deadline);
      continue;
    }
    lock.unlock();
    if (const auto late = take(which))
      late->done(nats_fail("get an answer from " + late->subject, NATS_TIMEOUT));
    lock.lock();
  }
}

void reply_table::on_reply(natsConnection*, natsSubscription*, natsMsg* raw, void* closure) {
  auto* self = static_cast<reply_table*>(closure);
  nats_message msg{raw};
  const std::string_view subject = natsMsg_GetSubject(raw);
  id which = 0;
  std::from_chars(subject.data() + self->prefix_.size(), subject.data() + subject.size(), which);
  if (const auto question = self->take(which))
    question->done(read_reply(question->subject, raw));
  self->link_->discard(std::move(msg));
}

void reply_table::on_complete(void* closure) {
  static_cast<reply_table*>(closure)->inbox_done_.set_value();
}

} // namespace skein::cluster
