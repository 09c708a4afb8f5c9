#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace skein::store {

/// Where the records of one append are: `count` of them, the first of which stands `at` records
/// after the first of the chunk that begins with sequence `chunk`.
struct place {
  uint64_t chunk;
  uint32_t at;
  uint32_t count;

  uint64_t first_sequence() const { return chunk + at; }
  uint64_t end() const { return first_sequence() + count; }

  bool operator==(const place&) const = default;
};

/// Consecutive appends to one stream, as `index` keeps them (the grammar is in keys.hpp).
class index_run {
public:
  /// A run without places that begins with that version.
  explicit index_run(uint64_t first_version) : first_{first_version}, last_{first_version - 1} {}

  /// Nothing if the value is no run.
  static std::optional<index_run> parse(uint64_t first_version, std::string_view value);

  void add(const place&);
  std::string encode() const;

  uint64_t first_version() const { return first_; }
  uint64_t last_version() const { return last_; }
  uint64_t last_sequence() const { return last_sequence_; }

  /// Calls `visit(first version, place)` for each place in order, until it answers false.
  /// False if the bytes are no places that end with last_version().
  template <class Visit>
  bool places(Visit&& visit) const;

private:
  static std::optional<place> take_place(std::string_view& from, uint64_t chunk_before);

  uint64_t first_;
  uint64_t last_;
  uint64_t last_sequence_ = 0;
  uint64_t last_chunk_ = 0;
  std::string places_;
};

template <class Visit>
bool index_run::places(Visit&& visit) const {
  std::string_view rest = places_;
  auto version = first_;
  for (uint64_t chunk = 0; !rest.empty();) {
    auto next = take_place(rest, chunk);
    if (!next)
      return false;
    if (!visit(version, *next))
      return true;
    version += next->count;
    chunk = next->chunk;
  }
  return version == last_ + 1;
}

} // namespace skein::store
