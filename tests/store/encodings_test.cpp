#include "store/encodings.hpp"

#include <catch2/catch.hpp>

using namespace skein::store;

TEST_CASE("bytes as hexadecimal text") {
  CHECK(hex(std::string_view{"\x00\xff\x1a", 3}) == "00ff1a");
}

TEST_CASE("base64 gives the test vectors of RFC 4648") {
  const std::pair<std::string, std::string> vectors[]{{"", ""},
                                                      {"f", "Zg=="},
                                                      {"fo", "Zm8="},
                                                      {"foo", "Zm9v"},
                                                      {"foob", "Zm9vYg=="},
                                                      {"fooba", "Zm9vYmE="},
                                                      {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : vectors) {
    CHECK(base64(bytes) == text);
    CHECK(from_base64(text) == bytes);
  }
}

TEST_CASE("base64 in any other form is refused") {
  for (const auto* text :
       {"Zg", "Zg=", "Zh==", "Zg==\n", " Zg==", "Zg==Zg==", "====", "Z===", "Zm9*"})
    CHECK_FALSE(from_base64(text));
}

TEST_CASE("a hash as base64 has 32 bytes") {
  digest some{1, 2, 3};
  CHECK(digest_from_base64(base64(some)) == some);
  CHECK_FALSE(digest_from_base64("Zm9v"));
  CHECK_FALSE(digest_from_base64(base64(std::string(33, 'x'))));
}
