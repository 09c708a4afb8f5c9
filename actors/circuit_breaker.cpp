#include "actors/circuit_breaker.hpp"

#include "config/log.hpp"
#include "events/status.hpp"

#include <algorithm>
#include <optional>

namespace skein::actors {

namespace {

std::string words_of(const breaker_target& x) {
  return x.storage.empty() ? x.agent : x.agent + " on " + x.storage;
}

/// Nothing: it says neither.
std::optional<bool> has_failed(const migration::finish_attempt& what) {
  const auto* setback = std::get_if<migration::setback>(&what.outcome);
  if (!setback)
    return false;
  switch (setback->kind) {
    case error_class::transient:
    case error_class::timeout: return true;
    case error_class::permanent: return false;
    case error_class::lost:
    case error_class::out_of_memory: return std::nullopt;
  }
  return std::nullopt;
}

} // namespace

std::string_view to_string(breaker_status x) noexcept {
  switch (x) {
    case breaker_status::closed: return "closed";
    case breaker_status::half_open: return "half_open";
    case breaker_status::open: return "open";
  }
  return "closed";
}

// -- one ----------------------------------------------------------------------------------------

breaker_status circuit_breaker::status(timestamp now) const {
  if (is_closed_)
    return breaker_status::closed;
  return now < half_open_at_ ? breaker_status::open : breaker_status::half_open;
}

uint32_t circuit_breaker::failures() const {
  return static_cast<uint32_t>(std::count(newest_.begin(), newest_.end(), true));
}

void circuit_breaker::open(timestamp now) {
  wait_ = is_closed_ ? how_.open_for : std::min(2 * wait_, std::max(how_.longest, how_.open_for));
  is_closed_ = false;
  half_open_at_ = now + wait_;
}

bool circuit_breaker::hear(bool has_failed, timestamp now) {
  switch (status(now)) {
    case breaker_status::open: return false;
    case breaker_status::half_open:
      if (has_failed)
        open(now);
      else
        *this = circuit_breaker{how_};
      return true;
    case breaker_status::closed: break;
  }
  if (newest_.size() < how_.window)
    newest_.push_back(has_failed);
  else if (how_.window > 0)
    newest_[std::exchange(oldest_, (oldest_ + 1) % newest_.size())] = has_failed;
  if (!has_failed || newest_.size() < how_.window
      || uint64_t{failures()} * 100 < uint64_t{how_.failure_percent} * outcomes())
    return false;
  open(now);
  return true;
}

// -- all ----------------------------------------------------------------------------------------

void breaker_board::hear(const breaker_target& target, const migration::finish_attempt& what,
                         migration::timestamp now) {
  const auto failed = has_failed(what);
  if (how_.window == 0 || !failed)
    return;
  auto& [breaker, why]
      = all_.try_emplace(target, kept_breaker{circuit_breaker{how_}, {}}).first->second;
  if (*failed)
    why = std::get<migration::setback>(what.outcome).why;
  if (!breaker.hear(*failed, now))
    return;
  if (breaker.status(now) == breaker_status::closed)
    return log::info("breaker-closed", "{}: an attempt went well, so all go on", words_of(target));
  log::warn("breaker-open",
            "{}: {} of the last {} attempts failed, the last of '{}'; nothing of it starts until "
            "{}, and then one attempt decides",
            words_of(target), breaker.failures(), breaker.outcomes(), why,
            rfc3339(breaker.half_open_at()));
}

tripped_breakers breaker_board::tripped(migration::timestamp now) const {
  tripped_breakers found;
  for (const auto& [target, kept] : all_)
    switch (kept.breaker.status(now)) {
      case breaker_status::closed: break;
      case breaker_status::half_open: found.half_open.insert(target); break;
      case breaker_status::open: found.open.insert(target); break;
    }
  return found;
}

std::vector<breaker_line> breaker_board::lines(migration::timestamp now) const {
  std::vector<breaker_line> all;
  for (const auto& [target, kept] : all_)
    all.push_back({target, kept.breaker.status(now), kept.breaker.half_open_at(),
                   kept.breaker.failures(), kept.breaker.outcomes(), kept.why});
  return all;
}

} // namespace skein::actors
