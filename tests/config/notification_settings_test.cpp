#include "config/workspace.hpp"

#include "support.hpp"

#include <catch2/catch.hpp>

using namespace skein::config;
using namespace skein::config::test;
using Catch::Matchers::Contains;
using namespace std::chrono_literals;

namespace {

const std::string everything = R"(workspace: {name: films}
notifications:
  channels: [email, chat]
  routes:
    - {kinds: [held], owners: "group:default/film", channels: chat}
  copies: [chat]
  digest: day
  at: "09:30"
  timezone: Europe/Stockholm
  quiet_hours: {from: "20:00", to: "07:00", days: [sat, sun]}
  urgent: [quarantined]
  reminders: {kinds: [held, parked], after: 24h, every: 12h, at_most: 5, escalate_after: 72h,
              escalate_to: [lead@example.org, chat]}
)";

struct notified_workspace {
  temporary_folder root;

  explicit notified_workspace(const std::string& settings) {
    root.write("skein.yaml", settings);
    root.write("agents/a.yaml", "name: email-sender\ncommand: mail\nchannel: email\n---\n"
                                "name: chat-sender\ncommand: chat\nchannel: chat\n");
    root.write("workflows/w.yaml",
               "workflow: {name: w, steps: [{name: a, agent: email-sender}]}\n");
  }

  checked<workspace> load() const { return load_workspace(root.path()); }
};

} // namespace

TEST_CASE("where, when and how often people are told") {
  const auto x = notified_workspace{everything}.load();
  REQUIRE(lines(x) == "");
  const auto& how = x->notifications;
  CHECK(how.channels == std::vector<std::string>{"email", "chat"});
  REQUIRE(how.routes.size() == 1);
  CHECK(how.routes[0].kinds == std::set<std::string>{"held"});
  CHECK(how.routes[0].owners == std::set<std::string>{"group:default/film"});
  CHECK(how.routes[0].channels == std::vector<std::string>{"chat"});
  CHECK(how.copies == std::vector<std::string>{"chat"});
  CHECK(how.daily == 9h + 30min);
  CHECK(how.time_zone == "Europe/Stockholm");
  CHECK(how.quiet.from == 20h);
  CHECK(how.quiet.to == 7h);
  CHECK(how.quiet.days == std::bitset<7>{0b1000001});
  CHECK(how.quiet.time_zone == "Europe/Stockholm");
  CHECK(how.urgent == std::set<std::string>{"quarantined"});
  CHECK(how.reminders.kinds == std::set<std::string>{"held", "parked"});
  CHECK(how.reminders.after == 24h);
  CHECK(how.reminders.every == 12h);
  CHECK(how.reminders.at_most == 5);
  CHECK(how.reminders.escalate_after == 72h);
  CHECK(how.reminders.escalate_to == std::vector<std::string>{"lead@example.org"});
  CHECK(how.reminders.escalate_on == std::vector<std::string>{"chat"});
}

TEST_CASE("a workspace that says nothing tells by mail, scan by scan, at any hour, and once") {
  const auto x = notified_workspace{"workspace: {name: films}\n"}.load();
  REQUIRE(lines(x) == "");
  const auto& how = x->notifications;
  CHECK(how.channels == std::vector<std::string>{"email"});
  CHECK(how.routes.empty());
  CHECK(how.copies.empty());
  CHECK_FALSE(how.daily);
  CHECK_FALSE(is_quiet(how.quiet, utc_time{}));
  CHECK(how.reminders.after == 0s);
  // Nobody need tell anybody: what rests is in the log all the same.
  const notified_workspace silent{"workspace: {name: films}\n"};
  silent.root.write("agents/a.yaml", "name: email-sender\ncommand: mail\n");
  CHECK(lines(silent.load()) == "");
}

TEST_CASE("what is wrong with notifications is said with its place") {
  auto [part, instead, message] = GENERATE(table<std::string, std::string, std::string>({
      {"channels: [email, chat]", "channels: [email, chta]",
       "skein.yaml:3:13: no agent tells people on the channel \"chta\"; did you mean \"chat\"?"},
      {"channels: [email, chat]", "channels: []", "owners must be told somewhere"},
      {"copies: [chat]", "copies: [pager]", "no agent tells people on the channel \"pager\""},
      {"channels: chat}", "channels: pager}", "no agent tells people on the channel \"pager\""},
      {", channels: chat}", "}", "the route needs at least one channel"},
      {"kinds: [held], ", "kinds: [hold], ", "cannot be \"hold\"; did you mean \"held\"?"},
      {"digest: day", "digest: daily", "\"digest\""},
      {"at: \"09:30\"", "at: \"9:30\"", "\"9:30\" is no time of the day"},
      {"at: \"09:30\"", "at: \"24:00\"", "\"24:00\" is no time of the day"},
      {"  at: \"09:30\"\n", "", "needs a value for \"at\""},
      {"digest: day", "digest: scan", "write \"digest: day\" as well"},
      {"Europe/Stockholm", "Europe/Stokholm", "the time zone \"Europe/Stokholm\" is not known"},
      {"to: \"07:00\"", "to: \"20:00\"", "need a \"to\" that differs from \"from\""},
      {", to: \"07:00\"", "", "needs a value for \"to\""},
      {"[sat, sun]", "[sat, sunday]", "cannot be \"sunday\"; known are sun, mon"},
      {"[sat, sun]", "[mon, tue, wed, thu, fri, sat, sun]", "nobody is ever told anything"},
      {"urgent: [quarantined]", "urgent: [completed]", "cannot be \"completed\""},
      {"kinds: [held, parked]", "kinds: [rolled_back]", "cannot be \"rolled_back\""},
      {"after: 24h,", "after: 0,", "reminders need some time in between"},
      {"at_most: 5", "at_most: some", "must be a whole number"},
      {"escalate_after: 72h,", "", "\"escalate_after\" and \"escalate_to\" go together"},
      {"lead@example.org", "lead@@example.org", "is neither a mail address nor a channel"},
      {"[lead@example.org, chat]", "pager", "no agent tells people on the channel \"pager\""},
      {"reminders:", "reminder:", "\"notifications\" has no field \"reminder\"; did you mean"},
  }));
  CAPTURE(part, instead);
  CHECK_THAT(lines(notified_workspace{with(everything, part, instead)}.load()), Contains(message));
}
