#include "actors/news.hpp"

#include <algorithm>

namespace skein::actors {

namespace {

using migration::timestamp;

config::utc_time whole(timestamp x) { return std::chrono::floor<std::chrono::seconds>(x); }

std::string label_of(const bus::notice& what, const char* key) {
  const auto found = what.labels.find(key);
  return found == what.labels.end() ? std::string{} : found->second;
}

void add_missing(const std::vector<std::string>& from, std::vector<std::string>& to) {
  for (const auto& each : from)
    if (std::find(to.begin(), to.end(), each) == to.end())
      to.push_back(each);
}

std::vector<std::string> channels_of(const config::notifications& how,
                                     const std::set<std::string>& known, const to_tell& what) {
  const auto is_gone = [&](const std::string& channel) { return !known.contains(channel); };
  auto asked = what.asked;
  std::erase_if(asked, is_gone);
  if (!asked.empty())
    return asked;
  asked = channels_for(how, what.what.kind, label_of(what.what, "owner"));
  if (what.what.is_escalated)
    add_missing(how.reminders.escalate_on, asked);
  // Where nobody tells anything, what is owed waits on the bus for whoever will.
  if (!std::all_of(asked.begin(), asked.end(), is_gone))
    std::erase_if(asked, is_gone);
  return asked;
}

void plan_reminders(const config::reminders& how, bus::notice& what) {
  auto& telling = what.telling;
  telling.escalate_at = {};
  if (how.after.count() == 0 || !how.kinds.contains(what.kind))
    return;
  if (what.reminders < how.at_most)
    telling.remind_after = what.reminders == 0 ? how.after : how.every;
  if (how.escalate_after.count() > 0 && !what.is_escalated)
    telling.escalate_at = what.since + how.escalate_after;
  if (what.is_escalated)
    what.escalate_to = how.escalate_to;
}

} // namespace

bool news::has(const std::string& channel, const step_info& step) const {
  const auto found = steps.find(channel);
  return found != steps.end()
         && std::any_of(found->second.begin(), found->second.end(),
                        [&](const telling_step& x) { return key_of(x.what) == key_of(step); });
}

void news::merge(news more) {
  for (auto& [channel, list] : more.steps) {
    auto& into = steps[channel];
    std::move(list.begin(), list.end(), std::back_inserter(into));
  }
  for (auto& [id, what] : more.rests)
    rests.insert_or_assign(id, std::move(what));
}

sorted_news sort_news(const config::notifications& how, news what, timestamp now) {
  sorted_news sorted;
  const auto open = timestamp{quiet_until(how.quiet, whole(now))};
  const auto place = [&](bool is_urgent, timestamp since) -> news& {
    const auto from = timestamp{told_from(how, is_urgent, whole(since))};
    const auto waits = how.daily || from != whole(since) || open != whole(now);
    return is_urgent || !waits ? sorted.now : sorted.later[std::max(from, open)];
  };
  for (auto& [channel, list] : what.steps)
    for (auto& step : list)
      place(false, step.since).steps[channel].push_back(std::move(step));
  for (auto& [id, rest] : what.rests)
    place(how.urgent.contains(rest.what.kind), rest.since)
        .rests.insert_or_assign(id, std::move(rest));
  return sorted;
}

bool may_tell(const config::notifications& how, timestamp now) {
  return !is_quiet(how.quiet, whole(now));
}

std::vector<bus::notice> notices_of(const config::notifications& how,
                                    const std::set<std::string>& known, const to_tell& what) {
  const auto asked = channels_of(how, known, what);
  std::vector<bus::notice> notices;
  for (const auto& channel : asked) {
    if (std::find(what.told.begin(), what.told.end(), channel) != what.told.end())
      continue;
    auto notice = what.what;
    notice.telling.channel = channel;
    notice.telling.asked = asked;
    plan_reminders(how.reminders, notice);
    notices.push_back(std::move(notice));
  }
  return notices;
}

} // namespace skein::actors
