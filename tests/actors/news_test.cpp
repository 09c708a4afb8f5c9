#include "actors/news.hpp"

#include <catch2/catch.hpp>

using namespace skein;
using namespace skein::actors;
using namespace std::chrono_literals;

namespace {

using channels = std::vector<std::string>;

/// A Tuesday.
constexpr migration::timestamp noon
    = std::chrono::sys_days{std::chrono::year{2026} / 11 / 24} + 12h + 250ms;

to_tell rest(const std::string& id, migration::timestamp since, const std::string& kind = "held") {
  to_tell what;
  what.what.migration = id;
  what.what.kind = kind;
  what.what.labels = {{"owner", "film"}};
  what.what.since = since;
  what.what.telling.number = 1;
  what.since = since;
  return what;
}

news of(std::initializer_list<to_tell> rests) {
  news all;
  for (const auto& each : rests)
    all.rests[each.what.migration] = each;
  return all;
}

config::notifications quiet_nights() {
  config::notifications how;
  how.quiet.from = 20h;
  how.quiet.to = 7h;
  return how;
}

channels channels_in(const std::vector<bus::notice>& notices) {
  channels found;
  for (const auto& each : notices)
    found.push_back(each.telling.channel);
  return found;
}

} // namespace

TEST_CASE("without quiet hours and daily digests nothing waits") {
  const auto sorted = sort_news({}, of({rest("a@v2", noon - 3s)}), noon);
  CHECK(sorted.now.rests.size() == 1);
  CHECK(sorted.later.empty());
}

TEST_CASE("in quiet hours all waits for their end but what is urgent") {
  auto how = quiet_nights();
  how.urgent = {"quarantined"};
  const auto late = noon + 9h;
  auto what = of({rest("a@v2", noon + 7h), rest("b@v2", late), rest("c@v2", late, "quarantined")});
  what.steps["email"].push_back({{"d@v2", "notify", "email-sender", "scan-1", "", "", 0}, late});
  const auto sorted = sort_news(how, what, late);
  REQUIRE(sorted.now.rests.size() == 1);
  CHECK(sorted.now.rests.begin()->first == "c@v2");
  CHECK(sorted.now.steps.empty());
  // One digest for all of it.
  REQUIRE(sorted.later.size() == 1);
  CHECK(sorted.later.begin()->first == noon - 250ms + 19h);
  CHECK(sorted.later.begin()->second.rests.size() == 2);
  CHECK(sorted.later.begin()->second.steps.size() == 1);
}

TEST_CASE("what waited over quiet hours that are over is one digest, due now") {
  // As after a restart: the log says since when.
  const auto sorted = sort_news(quiet_nights(), of({rest("a@v2", noon - 14h)}), noon);
  CHECK(sorted.now.empty());
  REQUIRE(sorted.later.size() == 1);
  CHECK(sorted.later.begin()->first <= noon);
}

TEST_CASE("a daily digest waits for its hour, even over a restart") {
  config::notifications how;
  how.daily = 9h;
  const auto sorted = sort_news(how, of({rest("a@v2", noon), rest("b@v2", noon - 26h)}), noon);
  CHECK(sorted.now.empty());
  REQUIRE(sorted.later.size() == 2);
  CHECK(sorted.later.begin()->second.rests.begin()->first == "b@v2");
  CHECK(sorted.later.begin()->first <= noon);
  CHECK(sorted.later.rbegin()->first == noon - 250ms + 21h);
}

TEST_CASE("each channel that is asked for gets a notice, and they all say which are asked") {
  config::notifications how;
  how.channels = {"email", "chat"};
  const auto notices = notices_of(how, {"email", "chat"}, rest("a@v2", noon));
  CHECK(channels_in(notices) == channels{"email", "chat"});
  for (const auto& each : notices) {
    CHECK(each.telling.asked == channels{"email", "chat"});
    CHECK(each.telling.number == 1);
    CHECK(each.telling.remind_after == 0ms);
    CHECK(each.telling.escalate_at == migration::timestamp{});
  }
}

TEST_CASE("what one channel has told is asked of the others as it was asked then") {
  config::notifications how;
  auto what = rest("a@v2", noon);
  what.told = {"chat"};
  what.asked = {"chat", "email", "pager"};
  // The workspace now says otherwise, and has no pager any more.
  how.channels = {"nats"};
  const auto notices = notices_of(how, {"chat", "email", "nats"}, what);
  CHECK(channels_in(notices) == channels{"email"});
  CHECK(notices.at(0).telling.asked == channels{"chat", "email"});
  CHECK(notices_of(how, {"chat", "nats"}, what).empty());
}

TEST_CASE("where no agent tells anything the notice waits for one") {
  CHECK(channels_in(notices_of({}, {}, rest("a@v2", noon))) == channels{"email"});
}

TEST_CASE("reminders of what the workspace names, no more often than it says, and escalations") {
  config::notifications how;
  how.reminders.after = 24h;
  how.reminders.every = 12h;
  how.reminders.at_most = 2;
  how.reminders.escalate_after = 72h;
  how.reminders.escalate_to = {"lead@example.org"};
  how.reminders.escalate_on = {"chat"};
  const std::set<std::string> known{"email", "chat"};
  auto what = rest("a@v2", noon);
  auto first = notices_of(how, known, what).at(0);
  CHECK(first.telling.remind_after == 24h);
  CHECK(first.telling.escalate_at == noon + 72h);
  CHECK(first.escalate_to.empty());
  what.what.reminders = 1;
  CHECK(notices_of(how, known, what).at(0).telling.remind_after == 12h);
  what.what.reminders = 2;
  CHECK(notices_of(how, known, what).at(0).telling.remind_after == 0h);
  CHECK(notices_of(how, known, what).at(0).telling.escalate_at == noon + 72h);
  what.what.is_escalated = true;
  const auto last = notices_of(how, known, what);
  CHECK(channels_in(last) == channels{"email", "chat"});
  CHECK(last.at(0).escalate_to == channels{"lead@example.org"});
  CHECK(last.at(0).telling.escalate_at == migration::timestamp{});
  what = rest("b@v2", noon, "parked");
  CHECK(notices_of(how, known, what).at(0).telling.remind_after == 0h);
}
