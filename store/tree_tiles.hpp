#pragma once

#include "store/merkle.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace skein::store {

/// A tile holds up to 256 neighbouring hashes of one level: on level 0 those of the leaves, on
/// level n + 1 the roots of the full tiles of level n. (The idea is that of
/// https://c2sp.org/tlog-tiles.)
inline constexpr unsigned tile_height = 8;
inline constexpr size_t tile_width = size_t{1} << tile_height;

struct tile_place {
  unsigned level;
  uint64_t index;

  auto operator<=>(const tile_place&) const = default;
};

using tile = std::vector<digest>;
using tile_source = std::function<expected<tile>(tile_place)>;

/// The nodes of a tree kept in tiles: one tile is read for each.
merkle::node_source nodes_in(tile_source);

/// How many hashes a tree of so many leaves has on that level, in full tiles and in the last one.
uint64_t hashes_on(unsigned level, uint64_t leaves);

/// The growing right edge of a tree in tiles, in memory: the last, partial tile of each level.
class tile_edge {
public:
  tile_edge() = default;

  /// The edge of a stored tree. Of a tree that was larger, it is that of its first `size` leaves.
  static expected<tile_edge> load(uint64_t size, const tile_source&);

  /// Tiles that became full are added to `full`.
  void add(const digest& leaf, std::map<tile_place, tile>& full);

  uint64_t size() const { return size_; }
  digest root() const;

  /// The partial tiles, those without hashes left out.
  std::map<tile_place, tile> partial() const;

private:
  void add(unsigned level, const digest&, std::map<tile_place, tile>& full);

  uint64_t size_ = 0;
  std::vector<tile> levels_;
};

} // namespace skein::store
