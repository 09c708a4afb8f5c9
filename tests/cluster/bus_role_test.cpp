#include "cluster/bus_identity.hpp"
#include "cluster/nats_config.hpp"
#include "cluster/subjects.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace skein::cluster;

namespace {

const std::vector<std::string> action_subjects{subjects::actions, "films.to.migrate"};

bool has(const std::vector<std::string>& all, const std::string& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

subject_permissions of(bus_role role) { return permissions_of(role, "_INBOX.me", action_subjects); }

} // namespace

TEST_CASE("every role of the bus has a name that leads back to it") {
  CHECK(all_bus_roles().size() == 8);
  for (const auto role : all_bus_roles())
    CHECK(bus_role_of(to_string(role)) == role);
  CHECK_FALSE(bus_role_of("king"));
}

TEST_CASE("each role hears its own replies and nobody else's") {
  for (const auto role : all_bus_roles()) {
    const auto may = of(role);
    CHECK(has(may.subscribe, "_INBOX.me.>"));
    CHECK_FALSE(has(may.subscribe, "_INBOX.>"));
    CHECK_FALSE(has(may.subscribe, ">"));
    CHECK_FALSE(has(may.publish, ">"));
  }
}

TEST_CASE("who may ask for migrations, on every subject that intake listens to") {
  for (const auto role : all_bus_roles()) {
    const bool asks = role == bus_role::coordinator || role == bus_role::scanner
                      || role == bus_role::agent || role == bus_role::requester;
    CHECK(has(of(role).publish, subjects::actions) == asks);
    CHECK(has(of(role).publish, "films.to.migrate") == asks);
  }
}

TEST_CASE("a user's replies come below its own name") {
  bus_identity who;
  CHECK(inbox_of(who) == "_INBOX");
  who.user = "ann.b";
  CHECK(inbox_of(who) == "_INBOX.ann=2Eb");
}

TEST_CASE("an identity crosses the environment of a process") {
  bus_identity who;
  CHECK(environment_of(who).empty());
  who = {"ann", "secret", "a.creds", "ca.pem", "c.pem", "k.pem"};
  CHECK(environment_of(who).size() == 6);
  for (const auto& [name, value] : environment_of(who))
    setenv(name.c_str(), value.c_str(), 1);
  const auto same = identity_from_environment();
  for (const auto& [name, value] : environment_of(who))
    unsetenv(name.c_str());
  CHECK(environment_of(same) == environment_of(who));
}

TEST_CASE("a server's file leaves no text unquoted") {
  nats_config what;
  what.folder = "/tmp/a \"b\" \\c";
  what.access.users = {{"ann", "pass\"word", bus_role::viewer}, {"bob", "$BOB", bus_role::fleet}};
  what.access.is_open = false;
  const auto text = server_text(what);
  CHECK_THAT(text, Catch::Contains(R"(store_dir: "/tmp/a \"b\" \\c/jetstream")"));
  CHECK_THAT(text, Catch::Contains(R"(password: "pass\"word")"));
  CHECK_THAT(text, Catch::Contains("password: $BOB "));
  CHECK_THAT(text, !Catch::Contains("no_auth_user"));
  what.access.is_open = true;
  CHECK_THAT(server_text(what), Catch::Contains("no_auth_user"));
  what.access.users.clear();
  CHECK_THAT(server_text(what), !Catch::Contains("authorization"));
}
