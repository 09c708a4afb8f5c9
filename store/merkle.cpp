#include "store/merkle.hpp"

#include <algorithm>
#include <bit>

namespace skein::store::merkle {

namespace {

sha256& hasher() {
  thread_local sha256 own;
  return own;
}

/// Where the RFC splits a list of at least two: at the largest power of two smaller than its size.
uint64_t left_part(uint64_t size) { return std::bit_floor(size - 1); }

/// The root over the leaves [begin, end), one of the lists that splitting a tree leads to. Their
/// sizes grow towards the left, so each power of two among them is a complete subtree in its place.
expected<digest> range_hash(uint64_t begin, uint64_t end, const node_source& nodes) {
  const auto size = end - begin;
  if (std::has_single_bit(size)) {
    const auto level = static_cast<unsigned>(std::countr_zero(size));
    return nodes(level, begin >> level);
  }
  const auto middle = begin + left_part(size);
  auto left = range_hash(begin, middle, nodes);
  if (!left)
    return left;
  auto right = range_hash(middle, end, nodes);
  if (!right)
    return right;
  return node_hash(*left, *right);
}

/// Gathers the hashes of a path from the root down.
class path_maker {
public:
  path_maker(uint64_t size, const node_source& nodes) : end_{size}, nodes_{nodes} {}

  uint64_t begin() const { return begin_; }
  uint64_t end() const { return end_; }
  uint64_t middle() const { return begin_ + left_part(end_ - begin_); }

  bool go_left() {
    const auto at = middle();
    return add(at, std::exchange(end_, at));
  }
  bool go_right() {
    const auto at = middle();
    return add(std::exchange(begin_, at), at);
  }
  bool add(uint64_t begin, uint64_t end) {
    auto hash = range_hash(begin, end, nodes_);
    if (!hash)
      why_ = hash.error();
    else
      path_.push_back(*hash);
    return hash.has_value();
  }

  expected<path> from_below() {
    if (!why_.what.empty())
      return tl::unexpected{why_};
    std::reverse(path_.begin(), path_.end());
    return std::move(path_);
  }

private:
  uint64_t begin_ = 0;
  uint64_t end_;
  const node_source& nodes_;
  path path_;
  failure why_;
};

/// Two nodes on their way up to the root of a tree, as both verifications of the RFC walk them: of
/// `place`, which is looked at, and of the last node on the same level.
class climb {
public:
  climb(uint64_t place, uint64_t last) : place_{place}, last_{last} {}

  bool at_root() const { return last_ == 0; }

  /// Whether what the path has next is to the left of `place`.
  bool sibling_is_left() const { return is_right() || place_ == last_; }

  void up_from_left_sibling() {
    // On the right edge, nodes without a sibling are the same as their parents.
    while (!is_right() && place_ != 0)
      up();
    up();
  }
  void up() {
    place_ >>= 1;
    last_ >>= 1;
  }
  void skip_complete() {
    while (is_right())
      up();
  }

private:
  bool is_right() const { return (place_ & 1) != 0; }

  uint64_t place_;
  uint64_t last_;
};

} // namespace

digest leaf_hash(std::string_view record) { return hasher().of({{"\0", 1}, record}); }

digest node_hash(const digest& left, const digest& right) {
  return hasher().of({"\1", bytes_of(left), bytes_of(right)});
}

digest empty_root() { return hasher().of({}); }

expected<digest> root_of(uint64_t size, const node_source& nodes) {
  return size == 0 ? empty_root() : range_hash(0, size, nodes);
}

expected<path> inclusion_path(uint64_t index, uint64_t size, const node_source& nodes) {
  path_maker at{size, nodes};
  while (at.end() - at.begin() > 1)
    if (!(index < at.middle() ? at.go_left() : at.go_right()))
      break;
  return at.from_below();
}

expected<path> consistency_path(uint64_t old_size, uint64_t size, const node_source& nodes) {
  if (old_size == 0 || old_size == size)
    return path{};
  path_maker at{size, nodes};
  while (at.end() != old_size)
    if (!(old_size <= at.middle() ? at.go_left() : at.go_right()))
      return at.from_below();
  // Whoever has the old tree knows its root already.
  if (at.begin() != 0)
    at.add(at.begin(), at.end());
  return at.from_below();
}

bool proves_inclusion(const path& by, const digest& leaf, uint64_t index, uint64_t size,
                      const digest& root) {
  if (index >= size)
    return false;
  climb at{index, size - 1};
  auto hash = leaf;
  for (const auto& sibling : by) {
    if (at.at_root())
      return false;
    const bool left = at.sibling_is_left();
    hash = left ? node_hash(sibling, hash) : node_hash(hash, sibling);
    left ? at.up_from_left_sibling() : at.up();
  }
  return at.at_root() && hash == root;
}

bool proves_consistency(const path& by, uint64_t old_size, const digest& old_root, uint64_t size,
                        const digest& root) {
  if (old_size == size)
    return by.empty() && old_root == root;
  if (old_size == 0)
    return by.empty() && old_root == empty_root();
  const bool is_complete = std::has_single_bit(old_size);
  if (old_size > size || (by.empty() && !is_complete))
    return false;
  climb at{old_size - 1, size - 1};
  at.skip_complete();
  auto old_hash = is_complete ? old_root : by.front();
  auto hash = old_hash;
  for (std::size_t i = is_complete ? 0 : 1; i < by.size(); ++i) {
    if (at.at_root())
      return false;
    if (at.sibling_is_left()) {
      old_hash = node_hash(by[i], old_hash);
      hash = node_hash(by[i], hash);
      at.up_from_left_sibling();
    } else {
      hash = node_hash(hash, by[i]);
      at.up();
    }
  }
  return at.at_root() && old_hash == old_root && hash == root;
}

void edge::add(const digest& leaf) {
  peaks_.push_back(leaf);
  for (auto size = size_++; (size & 1) != 0; size >>= 1) {
    const auto right = peaks_.back();
    peaks_.pop_back();
    peaks_.back() = node_hash(peaks_.back(), right);
  }
}

digest edge::root() const {
  if (peaks_.empty())
    return empty_root();
  auto hash = peaks_.back();
  for (auto peak = peaks_.rbegin() + 1; peak != peaks_.rend(); ++peak)
    hash = node_hash(*peak, hash);
  return hash;
}

} // namespace skein::store::merkle
