#include "store/tree_tiles.hpp"

#include <bit>
#include <fmt/format.h>
#include <optional>
#include <span>

namespace skein::store {

namespace {

/// The root over these hashes as if they were leaves.
digest root_over(std::span<const digest> hashes) {
  if (hashes.size() == 1)
    return hashes.front();
  const auto left = std::bit_floor(hashes.size() - 1);
  return merkle::node_hash(root_over(hashes.first(left)), root_over(hashes.subspan(left)));
}

/// Where the last tile of a level stands, be it empty.
tile_place last_tile(unsigned level, uint64_t leaves) {
  return {level, hashes_on(level, leaves) / tile_width};
}

} // namespace

uint64_t hashes_on(unsigned level, uint64_t leaves) {
  const auto shift = level * tile_height;
  return shift < 64 ? leaves >> shift : 0;
}

merkle::node_source nodes_in(tile_source tiles) {
  return [tiles = std::move(tiles)](unsigned level, uint64_t index) -> expected<digest> {
    const auto above = level % tile_height; // levels above that of the tile's hashes
    const auto count = size_t{1} << above;
    const auto first = index << above;
    const tile_place place{level / tile_height, first / tile_width};
    const auto found = tiles(place);
    if (!found)
      return tl::unexpected{found.error()};
    const auto begin = first % tile_width;
    if (found->size() < begin + count)
      return fail(fmt::format("tile {} on level {} of the hash tree has {} hashes, and needs {}",
                              place.index, place.level, found->size(), begin + count));
    return root_over(std::span{*found}.subspan(begin, count));
  };
}

expected<tile_edge> tile_edge::load(uint64_t size, const tile_source& tiles) {
  tile_edge edge;
  edge.size_ = size;
  for (unsigned level = 0; hashes_on(level, size) > 0; ++level) {
    const auto width = hashes_on(level, size) % tile_width;
    edge.levels_.emplace_back();
    if (width == 0)
      continue;
    auto found = tiles(last_tile(level, size));
    if (!found)
      return tl::unexpected{found.error()};
    if (found->size() < width)
      return fail(fmt::format("the last tile on level {} of the hash tree has {} hashes instead of "
                              "{}",
                              level, found->size(), width));
    found->resize(width);
    edge.levels_.back() = std::move(*found);
  }
  return edge;
}

void tile_edge::add(const digest& leaf, std::map<tile_place, tile>& full) {
  ++size_;
  add(0, leaf, full);
}

void tile_edge::add(unsigned level, const digest& hash, std::map<tile_place, tile>& full) {
  if (level == levels_.size())
    levels_.emplace_back();
  levels_[level].push_back(hash);
  if (levels_[level].size() < tile_width)
    return;
  add(level + 1, root_over(levels_[level]), full);
  const tile_place place{level, hashes_on(level, size_) / tile_width - 1};
  full.emplace(place, std::exchange(levels_[level], {}));
}

digest tile_edge::root() const {
  std::optional<digest> below; // the root over what the levels below have beyond their full tiles
  for (auto hashes : levels_) {
    if (below)
      hashes.push_back(*below);
    if (!hashes.empty())
      below = root_over(hashes);
  }
  return below.value_or(merkle::empty_root());
}

std::map<tile_place, tile> tile_edge::partial() const {
  std::map<tile_place, tile> tiles;
  for (unsigned level = 0; level < levels_.size(); ++level)
    if (!levels_[level].empty())
      tiles.emplace(last_tile(level, size_), levels_[level]);
  return tiles;
}

} // namespace skein::store
