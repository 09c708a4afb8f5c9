#pragma once

#include "actors/types.hpp"
#include "config/notifications.hpp"

#include <map>
#include <string>
#include <vector>

namespace skein::actors {

/// A step that tells people, and when it came to want to.
struct telling_step {
  step_info what;
  migration::timestamp since;
};

/// What there is to tell.
struct news {
  std::map<std::string, std::vector<telling_step>> steps; ///< by channel
  std::map<std::string, to_tell> rests;                   ///< by migration

  bool empty() const { return steps.empty() && rests.empty(); }
  bool has(const std::string& channel, const step_info& step) const;
  void merge(news more);
};

/// What of the news is told now, and what waits until when: all of it for the hour of a daily
/// digest, and what is not urgent for the end of quiet hours.
struct sorted_news {
  news now;
  std::map<migration::timestamp, news> later;
};
sorted_news sort_news(const config::notifications& how, news what, migration::timestamp now);

/// Whether what waited may be told: it is no quiet hour.
bool may_tell(const config::notifications& how, migration::timestamp now);

/// What is told of a migration that rests, on each channel that still owes it: on those that were
/// asked for when the first of them told it, else on those that the workspace names. Channels that
/// no agent tells on any more are left out, unless there are no others. Empty: all have told it.
std::vector<bus::notice> notices_of(const config::notifications& how,
                                    const std::set<std::string>& known, const to_tell& what);

} // namespace skein::actors
