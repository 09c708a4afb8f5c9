#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace skein::store {

/// A chunk takes no more appends once it is this long. RocksDB reads blocks of about this size
/// anyway, so a smaller value would save no reading, and a larger one cost some.
inline constexpr size_t chunk_bytes = 4096;

/// The records of one append inside a chunk (the grammar is in keys.hpp).
struct chunk_append {
  std::string_view stream;
  uint64_t first_version;
  uint32_t count;
  std::string_view records; ///< for take_text(), count times
};

/// Makes the values of `chunks`, one after the other and in the same memory.
class chunk_builder {
public:
  /// Begins a chunk whose first record has that sequence.
  void start(uint64_t first_sequence);

  void add(std::string_view stream, uint64_t first_version, std::span<const std::string> records);

  bool full() const { return value_.size() >= chunk_bytes; }
  uint64_t first_sequence() const { return first_; }
  uint32_t count() const { return count_; } ///< records so far

  /// Adds the checksum. The value is valid until the next start().
  std::string_view seal();

private:
  std::string value_;
  uint64_t first_ = 0;
  uint32_t count_ = 0;
};

/// Walks over the appends of a chunk.
class chunk_reader {
public:
  /// Nothing if the value fails its checksum, or is that of another sequence.
  static std::optional<chunk_reader> over(uint64_t first_sequence, std::string_view value);

  /// The next append; nothing at the end, and where the bytes are no append.
  std::optional<chunk_append> next();

  /// Of the first record of the append that comes next.
  uint64_t sequence() const { return sequence_; }

  /// Whether every byte was understood.
  bool at_end() const { return rest_.empty(); }

private:
  chunk_reader(uint64_t first, std::string_view appends) : sequence_{first}, rest_{appends} {}

  uint64_t sequence_;
  std::string_view rest_;
};

} // namespace skein::store
