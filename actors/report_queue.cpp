#include "actors/report_queue.hpp"

#include "actors/backoff.hpp"
#include "events/overloaded.hpp"

#include <algorithm>

namespace skein::actors {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t batch_items_max = 200;
/// A server's default limit on a message is 1 MiB.
constexpr std::size_t batch_bytes_max = 600u << 10;
constexpr std::chrono::milliseconds first_wait = 100ms;
constexpr std::chrono::milliseconds longest_wait = 5s;

std::size_t bytes_of(const bus::report::item& item) {
  return std::visit(
      overloaded{[](const migration::success& x) { return x.output.size() + x.hold.size(); },
                 [](const migration::setback& x) { return x.why.size(); }},
      item.result.outcome);
}

} // namespace

std::vector<bus::report::item> report_queue::next(moment now) {
  std::vector<bus::report::item> batch;
  if (now < due())
    return batch;
  std::size_t bytes = 0;
  for (const auto& each : entries_) {
    bytes += bytes_of(each.item);
    if (!batch.empty() && (batch.size() == batch_items_max || bytes > batch_bytes_max))
      break;
    batch.push_back(each.item);
  }
  under_way_ = batch.size();
  return batch;
}

std::vector<report_queue::verdict> report_queue::answered(const expected<bus::report_reply>& reply,
                                                          moment now) {
  const auto count = std::exchange(under_way_, 0);
  const auto judged = reply && reply->verdicts.size() == count;
  std::vector<verdict> settled;
  std::deque<entry> left;
  for (std::size_t i = 0; i < count; ++i) {
    auto first = std::move(entries_.front());
    entries_.pop_front();
    const auto open = !judged || reply->verdicts[i].again;
    if (open && !first.is_dropped)
      left.push_back(std::move(first));
    else if (!open)
      settled.push_back(
          {std::move(first.item), reply->verdicts[i].accepted, reply->verdicts[i].why});
  }
  failures_ = left.empty() ? 0 : failures_ + 1;
  not_before_ = left.empty() ? now : now + backoff(failures_, first_wait, longest_wait);
  // Behind the others: what cannot be decided now must not hold up what can.
  std::move(left.begin(), left.end(), std::back_inserter(entries_));
  return settled;
}

void report_queue::drop(const attempt_key& which) {
  for (std::size_t i = 0; i < entries_.size(); ++i)
    if (key_of(entries_[i].item) == which)
      entries_[i].is_dropped = true;
  const auto sent = entries_.begin() + static_cast<std::ptrdiff_t>(under_way_);
  entries_.erase(std::remove_if(sent, entries_.end(), [](const auto& x) { return x.is_dropped; }),
                 entries_.end());
}

report_queue::moment report_queue::due() const {
  return entries_.empty() || under_way_ > 0 ? moment::max() : not_before_;
}

std::vector<attempt_key> report_queue::keys() const {
  std::vector<attempt_key> result;
  for (const auto& each : entries_)
    if (!each.is_dropped)
      result.push_back(key_of(each.item));
  return result;
}

} // namespace skein::actors
