#include "config/notifications.hpp"

#include <algorithm>

namespace skein::config {

namespace {

bool names(const std::set<std::string>& list, const std::string& x) {
  return list.empty() || list.contains(x);
}

/// Every day at that time.
cron daily_at(std::chrono::minutes time) {
  cron when;
  when.minutes.set(static_cast<std::size_t>(time.count() % 60));
  when.hours.set(static_cast<std::size_t>(time.count() / 60));
  when.days.set();
  when.months.set();
  when.weekdays.set();
  return when;
}

} // namespace

const std::vector<std::string>& channels_for(const notifications& from, const std::string& kind,
                                             const std::string& owner) {
  const auto own = from.of_owners.find(owner);
  const bool has_own = own != from.of_owners.end();
  const auto found = std::find_if(from.routes.begin(), from.routes.end(), [&](const route& x) {
    return names(x.kinds, kind) && (has_own ? x.owners.contains(owner) : names(x.owners, owner));
  });
  if (found == from.routes.end() && has_own)
    return own->second;
  return found == from.routes.end() ? from.channels : found->channels;
}

utc_time told_from(const notifications& from, bool is_urgent, utc_time since) {
  if (is_urgent)
    return since;
  if (from.daily)
    since = next_run(daily_at(*from.daily), from.time_zone, since).value_or(since);
  return quiet_until(from.quiet, since);
}

} // namespace skein::config
