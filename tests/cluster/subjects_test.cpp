#include "cluster/subjects.hpp"

#include <catch2/catch.hpp>
#include <random>

using namespace skein::cluster;

TEST_CASE("a dataset's name becomes one token") {
  CHECK(encode_token("sales_Orders-2") == "sales_Orders-2");
  CHECK(encode_token("sales.orders v2") == "sales=2Eorders=20v2");
  CHECK(encode_token("a*>=") == "a=2A=3E=3D");
  CHECK(encode_token("größe") == "gr=C3=B6=C3=9Fe");
  CHECK_FALSE(encode_token(""));
}

TEST_CASE("any bytes survive the round trip") {
  std::string all;
  for (int byte = 0; byte < 256; ++byte)
    all += static_cast<char>(byte);
  CHECK(decode_token(*encode_token(all)) == all);
  std::mt19937 random{7};
  for (int i = 0; i < 1000; ++i) {
    std::string name(1 + random() % 20, '\0');
    for (auto& c : name)
      c = static_cast<char>(random());
    const auto token = encode_token(name);
    REQUIRE(token);
    REQUIRE(token->find_first_of(".*> \t\r\n") == std::string::npos);
    REQUIRE(decode_token(*token) == name);
  }
}

TEST_CASE("what encode_token never writes is refused") {
  for (const auto* token : {"", "a.b", "a b", "=", "=2", "a=2", "=2e", "=GG", "=41", "gr\xC3"}) {
    INFO(token);
    CHECK_FALSE(decode_token(token));
  }
}

TEST_CASE("the subjects") {
  CHECK(subjects::status("sales.orders", "step_started")
        == "skein.v1.status.sales=2Eorders.step_started");
  CHECK(subjects::status_of("orders") == "skein.v1.status.orders.>");
  CHECK(subjects::fleet_lease("gpu") == "skein.v1.fleet.gpu.lease");
  CHECK(subjects::fleet_report("gpu") == "skein.v1.fleet.gpu.report");
  CHECK(subjects::fleet_heartbeat("gpu") == "skein.v1.fleet.gpu.heartbeat");
  CHECK(subjects::notify("mail") == "skein.v1.notify.mail");
  CHECK(subjects::told("group:default/film") == "skein.v1.told.group=3Adefault=2Ffilm");
  CHECK(subjects::agent_log("dataset-scanner") == "skein.v1.agents.dataset-scanner.log");
  CHECK_FALSE(subjects::fleet_lease(""));
}
