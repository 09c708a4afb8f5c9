#pragma once

#include "events/failure.hpp"
#include "store/sha256.hpp"

#include <cstdint>
#include <functional>
#include <vector>

/// The Merkle tree over a list of records, as in RFC 9162 (Certificate Transparency 2.0), section
/// 2.1, with SHA-256. Pure: where the hashes of a large tree are kept is not known here. Any
/// thread may call anything.
namespace skein::store::merkle {

/// Section 2.1.1. The byte in front keeps a leaf from ever passing for a node.
digest leaf_hash(std::string_view record);                 ///< SHA-256(0x00 record)
digest node_hash(const digest& left, const digest& right); ///< SHA-256(0x01 left right)
digest empty_root();                                       ///< SHA-256()

/// Gives the hash of the complete subtree over the 2^level leaves from `index` * 2^level on.
using node_source = std::function<expected<digest>(unsigned level, uint64_t index)>;

/// From the leaf up, or as section 2.1.4.1 orders a consistency proof.
using path = std::vector<digest>;

/// The root over the first `size` leaves. Asks for at most 64 nodes.
expected<digest> root_of(uint64_t size, const node_source&);

/// Section 2.1.3.1: that the leaf `index` (from 0) is in the tree of `size` leaves, which must be
/// greater.
expected<path> inclusion_path(uint64_t index, uint64_t size, const node_source&);

/// Section 2.1.4.1: that the tree of `size` leaves starts with the one of `old_size`. Empty if that
/// needs no proof: they are equal, or the old one is empty.
expected<path> consistency_path(uint64_t old_size, uint64_t size, const node_source&);

/// Section 2.1.3.2.
bool proves_inclusion(const path&, const digest& leaf, uint64_t index, uint64_t size,
                      const digest& root);

/// Section 2.1.4.2.
bool proves_consistency(const path&, uint64_t old_size, const digest& old_root, uint64_t size,
                        const digest& root);

/// The roots of a tree that grows leaf by leaf, in memory for its right edge only: the complete
/// subtrees it is made of, largest first.
class edge {
public:
  void add(const digest& leaf);
  uint64_t size() const { return size_; }
  digest root() const;

private:
  uint64_t size_ = 0;
  std::vector<digest> peaks_;
};

} // namespace skein::store::merkle
