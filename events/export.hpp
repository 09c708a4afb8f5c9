#pragma once

#include "events/failure.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// The parts of an exported log, as structs; events/export.proto says what each field means, and
/// docs/log-export.md how they make up a file.
namespace skein::exported {

inline constexpr std::string_view magic = "SKEINLOG";
inline constexpr uint32_t format = 1;

/// Longer parts are refused before anything is allocated for them.
inline constexpr uint64_t section_bytes_max = 64 << 20;

struct header {
  uint32_t format = exported::format;
  std::string log_id;
  uint64_t first_sequence = 1;

  bool operator==(const header&) const = default;
};

struct frame {
  uint64_t first_sequence = 0;
  uint64_t records = 0;
  uint64_t raw_bytes = 0;
  std::string sha256;
  std::string chain;
  std::string zstd;
};

struct entry {
  uint64_t sequence = 0;
  std::string stream;
  std::string record;
};

struct trailer {
  uint64_t frames = 0;
  uint64_t records = 0;
  uint64_t last_sequence = 0;
  std::string chain;
  std::string merkle_root;

  bool operator==(const trailer&) const = default;
};

using section = std::variant<header, frame, trailer>;

/// With the varint of its length in front.
std::string encode(const section&);

/// Without it. Fails on bytes that encode() would not have given: a file has one spelling.
expected<section> decode_section(std::string_view bytes);

/// Appends one record of a frame, with its length in front.
void append_entry(std::string& to, uint64_t sequence, std::string_view stream,
                  std::string_view record);

/// All records of a frame, decompressed.
expected<std::vector<entry>> decode_entries(std::string_view raw);

/// Takes a varint (7 bits a byte, lowest first) off the front of `from`: false, and `from` as it
/// was, if it ends too early or is longer than 10 bytes.
bool take_varint(std::string_view& from, uint64_t& value);

} // namespace skein::exported
