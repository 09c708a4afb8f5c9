#include "store/checksum.hpp"
#include "store/chunk.hpp"
#include "store/varint.hpp"

#include <catch2/catch.hpp>
#include <vector>

using namespace skein::store;

namespace {

std::vector<std::string> records_of(chunk_append append) {
  std::vector<std::string> found;
  for (uint32_t i = 0; i < append.count; ++i)
    found.emplace_back(take_text(append.records).value());
  REQUIRE(append.records.empty());
  return found;
}

using texts = std::vector<std::string>;

} // namespace

TEST_CASE("the checksum is the CRC-32C of RFC 3720, whole or in parts") {
  // RFC 3720, appendix B.4: 32 bytes of zeros, of ones, and counting up.
  CHECK(crc32c(std::string(32, '\0')) == 0x8a9136aa);
  CHECK(crc32c(std::string(32, '\xff')) == 0x62a8ab43);
  std::string ascending;
  for (char byte = 0; byte < 32; ++byte)
    ascending.push_back(byte);
  CHECK(crc32c(ascending) == 0x46dd794e);
  for (size_t part = 0; part <= ascending.size(); ++part)
    CHECK(crc32c(ascending.substr(part), crc32c(ascending.substr(0, part))) == 0x46dd794e);
}

TEST_CASE("a chunk gives back its appends") {
  chunk_builder builder;
  builder.start(100);
  const texts first{"one", "", std::string(300, 'x')}, second{std::string("\0two", 4)};
  builder.add("orders@2", 7, first);
  builder.add("users@5", 1, second);
  CHECK(builder.count() == 4);
  const std::string value{builder.seal()};

  auto chunk = chunk_reader::over(100, value);
  REQUIRE(chunk);
  auto append = chunk->next();
  REQUIRE(append);
  CHECK(append->stream == "orders@2");
  CHECK(append->first_version == 7);
  CHECK(records_of(*append) == first);
  CHECK(chunk->sequence() == 103);
  append = chunk->next();
  REQUIRE(append);
  CHECK(append->stream == "users@5");
  CHECK(records_of(*append) == second);
  CHECK(chunk->sequence() == 104);
  CHECK_FALSE(chunk->next());
  CHECK(chunk->at_end());

  builder.start(104);
  CHECK(builder.count() == 0);
  CHECK(chunk_reader::over(104, builder.seal())->at_end());
}

TEST_CASE("a chunk is refused for any flipped bit, any missing byte, and under another key") {
  chunk_builder builder;
  builder.start(1);
  builder.add("s", 1, texts{"some", "records"});
  const std::string value{builder.seal()};
  REQUIRE(chunk_reader::over(1, value));
  CHECK_FALSE(chunk_reader::over(2, value));
  for (size_t length = 0; length < value.size(); ++length)
    CHECK_FALSE(chunk_reader::over(1, value.substr(0, length)));
  for (size_t bit = 0; bit < value.size() * 8; ++bit) {
    auto flipped = value;
    flipped[bit / 8] ^= static_cast<char>(1 << bit % 8);
    CHECK_FALSE(chunk_reader::over(1, flipped));
  }
}

TEST_CASE("numbers of any size come back from as few bytes as they need") {
  for (uint64_t value :
       {uint64_t{0}, uint64_t{127}, uint64_t{128}, uint64_t{1} << 32, UINT64_MAX}) {
    std::string bytes;
    put_varint(bytes, value);
    std::string_view rest = bytes;
    CHECK(take_varint(rest) == value);
    CHECK(rest.empty());
    rest = std::string_view{bytes}.substr(0, bytes.size() - 1);
    CHECK_FALSE(take_varint(rest));
  }
  std::string_view endless = "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff";
  CHECK_FALSE(take_varint(endless));
}
