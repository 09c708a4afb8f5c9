#include "store/keys.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <vector>

namespace keys = skein::store::keys;

TEST_CASE("numbers are written most significant byte first") {
  std::string bytes;
  keys::put_be64(bytes, 0x0102030405060708);
  keys::put_be32(bytes, 0xfffefdfc);
  CHECK(bytes == "\x01\x02\x03\x04\x05\x06\x07\x08\xff\xfe\xfd\xfc");
  std::string_view rest = bytes;
  CHECK(keys::take_be64(rest) == 0x0102030405060708);
  CHECK(keys::take_be32(rest) == 0xfffefdfc);
  CHECK(rest.empty());
  CHECK_FALSE(keys::take_be32(rest));
  CHECK_FALSE(keys::whole_be64(bytes));
}

TEST_CASE("keys of chunks sort like their sequences") {
  std::vector<uint64_t> sequences{1, 255, 256, 65535, 65536, UINT32_MAX, UINT64_MAX};
  std::vector<std::string> written;
  for (auto sequence : sequences) {
    auto key = keys::sequence(sequence);
    written.emplace_back(key.data(), key.size());
    CHECK(keys::whole_be64(written.back()) == sequence);
  }
  CHECK(std::ranges::is_sorted(written));
}

TEST_CASE("no stream's entries lie among those of another") {
  auto in_order
      = {keys::stream_entry("a", 1), keys::stream_entry("a", UINT64_MAX),
         keys::stream_entry("a\x01", 1), keys::stream_entry("aa", 1), keys::stream_entry("b", 1)};
  CHECK(std::ranges::is_sorted(in_order));
  auto key = keys::stream_entry("orders@2", 0x0100);
  CHECK(key == std::string("orders@2\0\0\0\0\0\0\0\x01\0", 17));
  auto parsed = keys::parse_stream_entry(key);
  REQUIRE(parsed);
  CHECK(parsed->stream == "orders@2");
  CHECK(parsed->first_version == 0x0100);
}

TEST_CASE("what is no entry is not taken for one") {
  CHECK_FALSE(keys::parse_stream_entry("no-nul"));
  CHECK_FALSE(keys::parse_stream_entry(std::string("s\0short", 7)));
}
