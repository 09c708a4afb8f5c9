#include "cluster/child_process.hpp"
#include "tests/cluster/nats_fixture.hpp"

#include <fstream>
#include <sys/stat.h>

using namespace skein;
using namespace skein::cluster;
using namespace std::chrono_literals;
using skein::tests::eventually;
using skein::tests::must;

namespace {

std::string why_not(embedded_nats_options options) {
  auto started = embedded_nats::start(std::move(options));
  REQUIRE_FALSE(started);
  return started.error().what;
}

} // namespace

TEST_CASE("an embedded server listens on loopback and keeps its configuration to itself") {
  tests::nats_fixture f;
  CHECK(f.server->url() == "nats://127.0.0.1:" + std::to_string(f.server->port()));
  struct stat info {};
  REQUIRE(stat((f.folder.path() / "nats" / "nats.conf").c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0600);
}

TEST_CASE("a dead server comes back on its port") {
  tests::nats_fixture f;
  const auto port = f.server->port();
  const auto first = f.server->pid();
  for (int i = 1; i <= 3; ++i) {
    f.kill_server();
    f.wait_for_server();
  }
  CHECK(f.server->port() == port);
  CHECK(f.server->pid() != first);
  CHECK(f.deaths == 3);
}

TEST_CASE("the destructor leaves no server behind") {
  tests::nats_fixture f;
  const auto pid = f.server->pid();
  f.server.reset();
  CHECK(kill(pid, 0) == -1);
}

TEST_CASE("a server that a dead owner left behind is stopped first") {
  tests::nats_fixture f;
  const auto config = (f.folder.path() / "nats" / "nats.conf").string();
  f.server.reset();
  spawn_options options;
  options.argv = {"nats-server", "-c", config};
  options.env = tests::plain_environment();
  auto orphan = must(child_process::spawn(std::move(options)));
  const auto pid_file = f.folder.path() / "nats" / "nats.pid";
  REQUIRE(eventually([&] {
    int pid = 0;
    std::ifstream{pid_file} >> pid;
    return pid == orphan->pid();
  }));
  f.server = f.start_server();
  CHECK(orphan->wait().terminated == false);
  CHECK(f.server->pid() != orphan->pid());
}

TEST_CASE("a process id in the pid file that is another program's is left alone") {
  tests::nats_fixture f;
  f.server.reset();
  std::ofstream{f.folder.path() / "nats" / "nats.pid"} << getpid();
  f.server = f.start_server();
  CHECK(f.server->pid() > 0);
}

TEST_CASE("what keeps a server from starting is said") {
  tests::nats_fixture f;
  CHECK_THAT(why_not({.folder = f.folder.path() / "nats"}),
             Catch::Contains("another process runs the nats-server of"));
  CHECK_THAT(why_not({.folder = f.folder.path() / "other", .port = f.server->port()}),
             Catch::Contains("did not start") && Catch::Contains("address already in use"));
  CHECK_THAT(why_not({.folder = f.folder.path() / "other", .program = "no-nats-server"}),
             Catch::Contains("cannot start the embedded nats-server")
                 && Catch::Contains("no-nats-server not found on PATH"));
  CHECK_THAT(why_not({.folder = "/proc/nats"}), Catch::Contains("cannot create"));
}
