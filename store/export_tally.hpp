#pragma once

#include "events/export.hpp"
#include "store/merkle.hpp"
#include "store/sha256.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace skein::store {

/// What both the writer and the reader of an exported log add up, and must agree on at its end.
///
/// The chain keeps frames from being dropped, swapped or taken from another file:
///   chain(0) = SHA-256(magic header-section)
///   chain(n) = SHA-256(chain(n-1) first-sequence:be64 records:be64 raw-bytes:be64 sha256)
class export_tally {
public:
  explicit export_tally(const exported::header&);

  /// Of the next frame, if it is this one.
  std::string chain_with(const exported::frame&) const;

  /// A frame whose records were all added.
  void add_frame(const exported::frame&);
  void add_record(std::string_view record);

  uint64_t next_sequence() const { return first_sequence_ + tree_.size(); }
  const merkle::edge& tree() const { return tree_; }
  exported::trailer trailer() const;

private:
  uint64_t first_sequence_;
  uint64_t frames_ = 0;
  std::string chain_;
  merkle::edge tree_;
};

std::string sha256_bytes(std::initializer_list<std::string_view> parts);

} // namespace skein::store
