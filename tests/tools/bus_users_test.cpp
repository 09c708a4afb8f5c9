#include "cluster/bus.hpp"
#include "cluster/embedded_nats.hpp"
#include "tests/cluster/support.hpp"
#include "tools/bus_users.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <set>
#include <sys/stat.h>

using namespace skein;
using namespace skein::tools;
using cluster::bus_role;

namespace {

std::string content(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

} // namespace

TEST_CASE("each role of Skein gets a user of its own, once") {
  const tests::temporary_folder state;
  CHECK(read_bus_users(state.path())->empty());
  const auto made = make_bus_users(state.path());
  REQUIRE(made);
  std::set<std::string> passwords;
  for (const auto role : {bus_role::coordinator, bus_role::scanner, bus_role::fleet,
                          bus_role::notifier, bus_role::agent, bus_role::console}) {
    const auto own = own_identity(*made, role);
    REQUIRE(own);
    CHECK(own->user == cluster::to_string(role));
    CHECK(own->password.size() >= 32);
    passwords.insert(own->password);
  }
  CHECK(passwords.size() == 6);
  CHECK_FALSE(own_identity(*made, bus_role::viewer));
  const auto again = make_bus_users(state.path());
  REQUIRE(again);
  CHECK(own_identity(*again, bus_role::fleet)->password
        == own_identity(*made, bus_role::fleet)->password);
  struct stat facts {};
  REQUIRE(stat(bus_users_file(state.path()).c_str(), &facts) == 0);
  CHECK((facts.st_mode & 0777) == 0600);
}

TEST_CASE("of a user that is added only a hash is kept, by which a server knows it") {
  const tests::temporary_folder state;
  const auto password = add_bus_user(state.path(), "ann", bus_role::viewer);
  REQUIRE(password);
  CHECK(content(bus_users_file(state.path())).find(*password) == std::string::npos);
  const auto users = read_bus_users(state.path());
  REQUIRE(users->size() == 1);
  CHECK_FALSE(users->front().is_own);

  const auto server = cluster::embedded_nats::start(
      {.folder = state.path() / "nats", .access = {server_users(*users), false, {}}});
  REQUIRE(server);
  cluster::bus_options to;
  to.url = (*server)->url();
  to.identity.user = "ann";
  to.identity.password = *password;
  CHECK(cluster::bus::connect(to));
  to.identity.password += "x";
  CHECK_FALSE(cluster::bus::connect(to));
}

TEST_CASE("names that cannot be, and those that are taken, are refused") {
  const tests::temporary_folder state;
  REQUIRE(add_bus_user(state.path(), "ann", bus_role::viewer));
  for (const auto* name : {"", "a b", "*", "a\"b", "ann", "coordinator"})
    CHECK_FALSE(add_bus_user(state.path(), name, bus_role::viewer));
  CHECK_FALSE(remove_bus_user(state.path(), "bob"));
  CHECK(remove_bus_user(state.path(), "ann"));
  CHECK(read_bus_users(state.path())->empty());
}

TEST_CASE("a list of users that is damaged is not overwritten, and what to do is said") {
  const tests::temporary_folder state;
  for (const auto* text : {"", "{", "[]", R"({"users": 1})", R"({"users": [1]})",
                           R"({"users": [{"name": "ann", "role": "king", "password": "x"}]})"}) {
    std::ofstream{bus_users_file(state.path())} << text;
    const auto made = make_bus_users(state.path());
    REQUIRE_FALSE(made);
    CHECK_THAT(made.error().what, Catch::Contains("bus_users.json") && Catch::Contains("remove"));
    CHECK_FALSE(add_bus_user(state.path(), "bob", bus_role::viewer));
    CHECK(content(bus_users_file(state.path())) == text);
  }
}
