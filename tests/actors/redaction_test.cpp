#include "actors/redaction.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using skein::actors::redaction;

TEST_CASE("a secret is taken out wherever it stands") {
  const redaction secrets{{"opensesame"}};
  CHECK(secrets.clean("opensesame") == "***");
  CHECK(secrets.clean("key=opensesame, again opensesame.") == "key=***, again ***.");
  CHECK(secrets.clean("open sesame") == "open sesame");
  CHECK(redaction{{}}.clean("opensesame") == "opensesame");
  CHECK(redaction{{""}}.clean("nothing") == "nothing");
}

TEST_CASE("of a secret that begins with another, nothing is left") {
  const redaction secrets{{"opensesame", "opensesame-for-root"}};
  CHECK(secrets.clean("opensesame-for-root") == "***");
}

TEST_CASE("a secret is recognised as JSON spells it") {
  const std::string secret = "pa\"ss\\wörd/\n1";
  const redaction secrets{{secret}};
  const nlohmann::json line{{"message", "with " + secret + "!"}};
  CHECK(nlohmann::json::parse(secrets.clean(line.dump()))["message"] == "with ***!");
  CHECK(nlohmann::json::parse(secrets.clean(line.dump(-1, ' ', true)))["message"] == "with ***!");
  CHECK(secrets.clean(R"({"a":"pa\"ss\\wörd\/\n1"})") == R"({"a":"***"})");
}

TEST_CASE("a secret of several lines is recognised line by line") {
  const redaction secrets{{"-----BEGIN KEY-----\r\nMIIEowIBAAKCAQ\nshort\n-----END KEY-----\n"}};
  CHECK(secrets.clean("MIIEowIBAAKCAQ") == "***");
  CHECK(secrets.clean("-----BEGIN KEY-----") == "***");
  CHECK(secrets.clean("a short line") == "a short line");
}

TEST_CASE("a secret that a tail begins within is recognised") {
  const redaction secrets{{"opensesame"}};
  CHECK(secrets.clean_tail("sesame and opensesame") == "*** and ***");
  CHECK(secrets.clean_tail("pensesame") == "***");
  CHECK(secrets.clean_tail("same again") == "same again");
  CHECK(secrets.clean_tail("opensesame") == "***");
  CHECK(secrets.clean_tail("").empty());
}
