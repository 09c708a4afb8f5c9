#include "config/settings_reader.hpp"
#include "config/workspace_settings.hpp"

#include <algorithm>
#include <optional>

namespace skein::config {

namespace {

using std::chrono::minutes;
using yaml::map_reader;

void read_smtp(const map_reader& in, workspace& to) {
  auto& smtp = to.notifications.smtp;
  section(in, "smtp", {"url", "user", "password_env", "ca_file", "starttls"},
          [&](const map_reader& x) {
            smtp.url = url_in(x, {"smtp://", "smtps://"});
            read_login(x, smtp.user, smtp.password_env);
            smtp.ca_file = x.text("ca_file");
            smtp.starttls = x.flag("starttls", true);
            if (!smtp.user.empty() && !smtp.starttls && smtp.url.starts_with("smtp://"))
              to.warnings.push_back(x.out().at(x.at("starttls"))
                                    + ": the password goes over the network in the clear");
          });
}

/// `09:30`, as minutes of the day.
std::optional<minutes> time_of_day(std::string_view text) {
  const auto digit = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '9'; };
  if (text.size() != 5 || text[2] != ':' || !digit(0) || !digit(1) || !digit(3) || !digit(4))
    return {};
  const auto two = [&](std::size_t at) { return (text[at] - '0') * 10 + text[at + 1] - '0'; };
  if (two(0) > 23 || two(3) > 59)
    return {};
  return minutes{two(0) * 60 + two(3)};
}

minutes time_in(const map_reader& in, const char* key) {
  const auto text = in.required_text(key);
  const auto time = time_of_day(text);
  if (!text.empty() && !time)
    in.mistake(key, quote(text) + " is no time of the day; write one from \"00:00\" to \"23:59\"");
  return time.value_or(minutes{0});
}

std::string zone_in(const map_reader& in, std::string otherwise) {
  auto zone = in.text("timezone", std::move(otherwise));
  if (auto known = next_run(*parse_cron("@daily"), zone, utc_time{}); !known)
    in.mistake("timezone", known.error().what);
  return zone;
}

std::set<std::string> names_in(const map_reader& in, const char* key,
                               const std::vector<std::string>& known) {
  std::set<std::string> names;
  for (auto& name : in.texts(key))
    if (std::find(known.begin(), known.end(), name) == known.end())
      in.mistake(key, in.name_of(key) + " cannot be " + quote(name) + suggestion(name, known));
    else
      names.insert(std::move(name));
  return names;
}

/// Channels by name; that an agent tells them is checked once the agents are known.
std::vector<std::string> channels_in(const map_reader& in, const char* key,
                                     workspace_settings& to) {
  auto names = in.texts(key);
  for (const auto& name : names)
    to.channels.emplace_back(name, in.out().at(in.at(key)));
  return names;
}

void read_routes(const map_reader& in, workspace_settings& to) {
  for (const auto& each : in.list("routes")) {
    const map_reader x{each, in.out(), "the route", {"kinds", "owners", "channels"}};
    const auto owners = x.texts("owners");
    route found{names_in(x, "kinds", kinds_of_rest),
                {owners.begin(), owners.end()},
                channels_in(x, "channels", to)};
    if (x.is_map() && found.channels.empty())
      x.mistake("channels", "the route needs at least one channel under \"channels\"");
    else
      to.value.notifications.routes.push_back(std::move(found));
  }
}

void read_digest(const map_reader& in, notifications& to) {
  to.time_zone = zone_in(in, to.time_zone);
  const auto is_daily = in.choice("digest", {"scan", "day"}, "scan") == "day";
  if (is_daily)
    to.daily = time_in(in, "at");
  else if (in.find("at"))
    in.mistake("at", "\"at\" is the hour of a daily digest; write \"digest: day\" as well");
}

void read_quiet_hours(const map_reader& in, notifications& to) {
  section(in, "quiet_hours", {"from", "to", "timezone", "days"}, [&](const map_reader& x) {
    auto& quiet = to.quiet;
    quiet.time_zone = zone_in(x, to.time_zone);
    if (x.find("from") || x.find("to")) {
      quiet.from = time_in(x, "from");
      quiet.to = time_in(x, "to");
      if (quiet.from == quiet.to)
        x.mistake("to", "quiet hours need a \"to\" that differs from \"from\"; write whole days "
                        "as \"days\"");
    }
    const std::vector<std::string> week{"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
    for (const auto& day : names_in(x, "days", week))
      quiet.days.set(
          static_cast<std::size_t>(std::find(week.begin(), week.end(), day) - week.begin()));
    if (quiet.days.all())
      x.mistake("days", "if every day is quiet, nobody is ever told anything; leave one out");
  });
}

/// An address has an '@', a channel has none.
void read_escalation(const map_reader& in, workspace_settings& to) {
  auto& reminders = to.value.notifications.reminders;
  reminders.escalate_after = in.duration("escalate_after", reminders.escalate_after);
  for (auto& whom : in.texts("escalate_to"))
    if (whom.find('@') == std::string::npos) {
      to.channels.emplace_back(whom, in.out().at(in.at("escalate_to")));
      reminders.escalate_on.push_back(std::move(whom));
    } else if (is_mail_address(whom)) {
      reminders.escalate_to.push_back(std::move(whom));
    } else {
      in.mistake("escalate_to", quote(whom) + " is neither a mail address nor a channel");
    }
  const auto is_to = !reminders.escalate_to.empty() || !reminders.escalate_on.empty();
  if (is_to != (reminders.escalate_after.count() > 0))
    in.mistake("escalate_to",
               "\"escalate_after\" and \"escalate_to\" go together; give both or none");
}

void read_reminders(const map_reader& in, workspace_settings& to) {
  auto& reminders = to.value.notifications.reminders;
  section(in, "reminders", {"kinds", "after", "every", "at_most", "escalate_after", "escalate_to"},
          [&](const map_reader& x) {
            if (x.find("kinds"))
              reminders.kinds = names_in(x, "kinds", {"held", "parked", "quarantined"});
            reminders.after = x.duration("after", std::chrono::hours{24});
            reminders.every = x.duration("every", reminders.after);
            reminders.at_most = x.whole("at_most", reminders.at_most);
            if (reminders.after.count() == 0 || reminders.every.count() == 0)
              x.mistake("after", "reminders need some time in between; give \"after\" and "
                                 "\"every\" at least 1s");
            read_escalation(x, to);
          });
}

} // namespace

void read_notifications(const map_reader& in, workspace_settings& to) {
  auto& notices = to.value.notifications;
  notices.outbox = below(to.value.root, "outbox");
  section(in, "notifications",
          {"from", "outbox", "digest_wait", "smtp", "channels", "routes", "copies", "digest", "at",
           "timezone", "quiet_hours", "urgent", "reminders"},
          [&](const map_reader& x) {
            notices.from = x.text("from", notices.from);
            if (!is_mail_address(notices.from))
              x.mistake("from", quote(notices.from)
                                    + " is not a mail address; write one such as "
                                      "skein@example.org");
            notices.outbox = below(to.value.root, x.text("outbox", "outbox"));
            notices.digest_wait = x.duration("digest_wait", notices.digest_wait);
            read_smtp(x, to.value);
            if (x.find("channels"))
              notices.channels = channels_in(x, "channels", to);
            if (notices.channels.empty())
              x.mistake("channels", "owners must be told somewhere; name at least one channel");
            notices.copies = channels_in(x, "copies", to);
            notices.urgent = names_in(x, "urgent", kinds_of_rest);
            read_routes(x, to);
            read_digest(x, notices);
            read_quiet_hours(x, notices);
            read_reminders(x, to);
          });
}

} // namespace skein::config
