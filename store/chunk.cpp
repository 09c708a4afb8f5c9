#include "store/chunk.hpp"

#include "store/checksum.hpp"
#include "store/keys.hpp"
#include "store/varint.hpp"

namespace skein::store {

namespace {

constexpr size_t checksum_bytes = sizeof(uint32_t);

/// Covers the key as well, so that a value under a foreign key is found out.
uint32_t checksum(uint64_t first_sequence, std::string_view appends) {
  const auto key = keys::sequence(first_sequence);
  return crc32c(appends, crc32c({key.data(), key.size()}));
}

size_t varint_bytes(uint64_t value) {
  size_t bytes = 1;
  for (; value >= 0x80; value >>= 7)
    ++bytes;
  return bytes;
}

size_t bytes_of(std::span<const std::string> records) {
  size_t bytes = 0;
  for (auto& record : records)
    bytes += varint_bytes(record.size()) + record.size();
  return bytes;
}

} // namespace

void chunk_builder::start(uint64_t first_sequence) {
  value_.clear();
  first_ = first_sequence;
  count_ = 0;
}

void chunk_builder::add(std::string_view stream, uint64_t first_version,
                        std::span<const std::string> records) {
  put_text(value_, stream);
  put_varint(value_, first_version);
  put_varint(value_, records.size());
  put_varint(value_, bytes_of(records));
  for (auto& record : records)
    put_text(value_, record);
  count_ += static_cast<uint32_t>(records.size());
}

std::string_view chunk_builder::seal() {
  keys::put_be32(value_, checksum(first_, value_));
  return value_;
}

std::optional<chunk_reader> chunk_reader::over(uint64_t first_sequence, std::string_view value) {
  if (value.size() < checksum_bytes)
    return std::nullopt;
  auto stored = value.substr(value.size() - checksum_bytes);
  value.remove_suffix(checksum_bytes);
  if (keys::take_be32(stored) != checksum(first_sequence, value))
    return std::nullopt;
  return chunk_reader{first_sequence, value};
}

std::optional<chunk_append> chunk_reader::next() {
  auto rest = rest_;
  auto stream = take_text(rest);
  auto first_version = take_varint(rest);
  auto count = take_varint(rest);
  auto records = take_text(rest);
  if (!stream || !first_version || !count || !records || *count == 0 || *count > records->size())
    return std::nullopt;
  rest_ = rest;
  sequence_ += *count;
  return chunk_append{*stream, *first_version, static_cast<uint32_t>(*count), *records};
}

} // namespace skein::store
