#include "actors/notary_rounds.hpp"

#include "cluster/subjects.hpp"
#include "config/log.hpp"

#include <exception>

namespace skein::actors {

namespace {

/// Bounds the leaves in memory, and how long a stop waits for a round.
constexpr uint64_t leaves_at_once = 16'384;

/// Heads that wait for the bus. Older ones are in the store and in the file.
constexpr std::size_t owed_max = 256;

cluster::durable_message message_of(const std::string& log_id, const store::kept_head& head) {
  return {cluster::subjects::audit_head,
          head.note,
          log_id + ":head:" + std::to_string(head.ordinal),
          {{"Content-Type", "text/plain; charset=utf-8"}}};
}

} // namespace

expected<void> notary_rounds::open() {
  if (book_)
    return {};
  auto opened = head_book::open(parts_);
  if (!opened)
    return tl::unexpected{opened.error()};
  book_ = std::move(*opened);
  for (const auto& alarm : book_->alarms())
    log::error("audit-broken", "{}", alarm);
  // It may have been signed, but not announced, when the daemon last ended.
  return book_->newest().map([&](const std::optional<store::kept_head>& newest) {
    if (newest)
      owe(*newest);
  });
}

expected<bool> notary_rounds::take_in() {
  if (auto ok = open(); !ok)
    return tl::unexpected{ok.error()};
  const auto more = book_->take_in(leaves_at_once);
  if (!more || *more)
    return more;
  const auto head = book_->sign(world_.now());
  if (!head)
    return tl::unexpected{head.error()};
  if (*head)
    owe(**head);
  return false;
}

/// An exception of a library is a failure like any other here.
expected<bool> notary_rounds::try_to_take_in() {
  try {
    return take_in();
  } catch (const std::exception& error) {
    return fail(std::string{"the audit trail cannot be written: "} + error.what());
  }
}

notary_rounds::outcome notary_rounds::make() {
  const auto more = try_to_take_in();
  if (!more) {
    log::error("audit-behind", "{}; it is tried again", more.error().what);
    book_.reset(); // what is on disk is whole, what was in memory may not be
    return outcome::failed;
  }
  if (*more)
    return outcome::more;
  return announce() ? outcome::rested : outcome::failed;
}

void notary_rounds::finish() {
  while (make() == outcome::more)
    ;
  book_.reset();
}

void notary_rounds::owe(const store::kept_head& head) {
  owed_.push_back(message_of(parts_.log->log_id(), head));
  if (owed_.size() > owed_max)
    owed_.pop_front();
}

bool notary_rounds::announce() {
  if (owed_.empty())
    return true;
  const std::vector<cluster::durable_message> batch(owed_.begin(), owed_.end());
  const auto result = publish_(batch);
  owed_.erase(owed_.begin(),
              owed_.begin() + static_cast<std::ptrdiff_t>(result.first_unacknowledged));
  if (owed_.empty())
    return true;
  log::warn("heads-delayed", "{} signed heads wait for the bus: {}", owed_.size(), result.why);
  return false;
}

} // namespace skein::actors
