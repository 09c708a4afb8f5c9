#include "tools/skein/order_options.hpp"

#include <CLI/App.hpp>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <pwd.h>
#include <unistd.h>

namespace skein::console {

namespace {

std::string user_name() {
  if (const char* user = std::getenv("USER"); user && *user)
    return user;
  const auto* entry = getpwuid(getuid());
  return entry ? entry->pw_name : std::to_string(getuid());
}

std::string host_name() {
  char name[256] = "localhost";
  gethostname(name, sizeof name - 1);
  return name;
}

} // namespace

void add_actor_option(CLI::App& to, order_options& into) {
  into.actor = user_name() + "@" + host_name();
  to.add_option("--actor", into.actor, "Who gives the order")
      ->type_name("NAME")
      ->capture_default_str();
}

void add_order_options(CLI::App& to, order_options& into) {
  add_actor_option(to, into);
  to.add_option("-r,--reason", into.reason, "Why; kept in the log with the order")
      ->type_name("TEXT");
  add_change_flags(to, into.is_dry, into.yes);
}

void add_change_flags(CLI::App& to, bool& is_dry, bool& yes) {
  to.add_flag("--dry-run", is_dry, "Only say what it would do, or why it would be refused");
  to.add_flag("-y,--yes", yes, "Do not ask");
}

nlohmann::json body_of(const order_options& from) {
  return {{"actor", from.actor}, {"reason", from.reason}};
}

outcome<nlohmann::json> body_of(const order_options& from, const order_details& more) {
  auto body = body_of(from);
  if (!more.step.empty())
    body["step"] = more.step;
  if (more.priority)
    body["priority"] = *more.priority;
  if (more.input.empty())
    return body;
  body["input"] = nlohmann::json::parse(more.input, nullptr, false);
  if (!body["input"].is_object() && !body["input"].is_null())
    return give_up(exit_code::usage,
                   "the input must be a JSON object such as '{\"limit\": 5}', or null to take back "
                   "what was given before");
  return body;
}

} // namespace skein::console
