#include "actors/notice_book.hpp"

#include <algorithm>

namespace skein::actors {

namespace {

using stage = digest_batch::stage;

/// Attempts are told apart by their epochs; what is only told, by its digest.
std::string repeat_key(const notice_delivery& x) {
  const auto& what = x.what;
  const auto tail
      = what.step.empty() ? "\n" + what.digest : what.step + "\n" + std::to_string(what.epoch);
  return x.channel + "\n" + what.migration + "\n" + tail;
}

} // namespace

bool notice_book::is_repeat(const std::string& key, notice_delivery& one) {
  if (done_.contains(key)) {
    one.ack();
    return true;
  }
  for (auto& batch : batches_)
    for (auto& held : batch.notices) {
      if (repeat_key(held) != key)
        continue;
      // The same message delivered again must not be acknowledged before its work is done.
      if (held.sequence == one.sequence)
        held = std::move(one);
      else
        one.ack();
      return true;
    }
  return false;
}

void notice_book::add(notice_delivery one, moment now) {
  if (is_repeat(repeat_key(one), one))
    return;
  auto into = std::find_if(batches_.begin(), batches_.end(), [&](const digest_batch& x) {
    return x.at == stage::gathering && x.channel == one.channel && x.digest == one.what.digest;
  });
  if (into == batches_.end())
    into = batches_.insert(
        batches_.end(), {++last_id_, one.channel, one.what.digest, stage::gathering, now, {}, {}});
  into->notices.push_back(std::move(one));
}

std::vector<uint64_t> notice_book::close_complete(moment now) {
  std::vector<uint64_t> closed;
  for (auto& batch : batches_) {
    if (batch.at != stage::gathering)
      continue;
    const auto complete = batch.notices.size() >= batch.notices.front().what.digest_size;
    if (complete || now >= batch.first + gather_max_) {
      batch.at = stage::checking;
      batch.closed = now;
      closed.push_back(batch.id);
    }
  }
  return closed;
}

notice_book::moment notice_book::next_close() const {
  auto next = moment::max();
  for (const auto& batch : batches_)
    if (batch.at == stage::gathering)
      next = std::min(next, batch.first + gather_max_);
  return next;
}

digest_batch* notice_book::find(uint64_t id) {
  const auto found = std::find_if(batches_.begin(), batches_.end(),
                                  [&](const digest_batch& x) { return x.id == id; });
  return found == batches_.end() ? nullptr : &*found;
}

std::vector<attempt_key> notice_book::attempts() const {
  std::vector<attempt_key> result;
  for (const auto& batch : batches_)
    for (const auto& held : batch.notices)
      if (!held.what.step.empty())
        result.push_back(key_of(held.what));
  return result;
}

void notice_book::settle(const attempt_key& which) {
  for (auto batch = batches_.begin(); batch != batches_.end();) {
    std::erase_if(batch->notices, [&](const notice_delivery& held) {
      // A migration that is only to be told of may wait in a later digest as well.
      const auto is_due = !held.what.step.empty() || batch->at == stage::telling;
      if (key_of(held.what) != which || !is_due)
        return false;
      done_.add(repeat_key(held));
      held.ack();
      return true;
    });
    // A run under way still comes back to its batch.
    const auto is_over = batch->notices.empty() && batch->at != stage::running;
    batch = is_over ? batches_.erase(batch) : std::next(batch);
  }
}

void notice_book::finish_copies(digest_batch& of,
                                const std::function<bool(const notice_delivery&)>& is_done) {
  std::erase_if(of.notices, [&](const notice_delivery& held) {
    if (!held.what.is_copy || !is_done(held))
      return false;
    done_.add(repeat_key(held));
    held.ack();
    return true;
  });
}

void notice_book::give_back(digest_batch& from, const attempt_key& which,
                            std::chrono::milliseconds delay) {
  std::erase_if(from.notices, [&](const notice_delivery& held) {
    if (key_of(held.what) != which)
      return false;
    held.nak(delay);
    return true;
  });
}

void notice_book::give_all_back() {
  std::erase_if(batches_, [](const digest_batch& batch) {
    if (batch.at == stage::telling)
      return false;
    for (const auto& held : batch.notices)
      held.nak({});
    return true;
  });
}

void notice_book::forget(uint64_t batch) {
  batches_.remove_if([=](const digest_batch& x) { return x.id == batch; });
}

void notice_book::touch() const {
  for (const auto& batch : batches_)
    for (const auto& held : batch.notices)
      held.in_progress();
}

} // namespace skein::actors
