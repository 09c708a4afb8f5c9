#include "store/tree_tiles.hpp"
#include "support.hpp"

using namespace skein;
using namespace skein::store;
using namespace skein::store::test;

namespace {

/// Tiles as a store keeps them.
struct kept_tiles {
  std::map<tile_place, tile> all;

  void keep(const tile_edge& edge, const std::map<tile_place, tile>& full) {
    for (const auto& [place, hashes] : full)
      all[place] = hashes;
    for (const auto& [place, hashes] : edge.partial())
      all[place] = hashes;
  }

  tile_source source() const {
    return [this](tile_place at) -> expected<tile> {
      const auto found = all.find(at);
      return found == all.end() ? expected<tile>{fail("no such tile")} : found->second;
    };
  }
};

digest leaf_of(uint64_t i) { return merkle::leaf_hash(std::to_string(i)); }

/// Around every border of a tile, on the first two levels.
std::vector<uint64_t> interesting_sizes() {
  std::vector<uint64_t> sizes;
  for (uint64_t i = 0; i <= 600; ++i)
    sizes.push_back(i);
  for (const uint64_t around : {1024, 4096, 65536, 65536 + 256, 70000})
    for (uint64_t i = around - 2; i <= around + 2; ++i)
      sizes.push_back(i);
  return sizes;
}

} // namespace

TEST_CASE("a tree in tiles has the roots of the tree without them, at every size") {
  kept_tiles kept;
  tile_edge edge;
  merkle::edge plain;
  bool same_root = true, root_from_tiles = true, reloaded = true;
  for (const auto size : interesting_sizes()) {
    std::map<tile_place, tile> full;
    for (; plain.size() < size; plain.add(leaf_of(plain.size())))
      edge.add(leaf_of(plain.size()), full);
    kept.keep(edge, full);
    same_root = same_root && edge.root() == plain.root() && edge.size() == size;
    root_from_tiles = root_from_tiles
                      && value_of(merkle::root_of(size, nodes_in(kept.source()))) == plain.root();
    const auto again = value_of(tile_edge::load(size, kept.source()));
    reloaded = reloaded && again.root() == plain.root() && again.partial() == edge.partial();
  }
  CHECK(same_root);
  CHECK(root_from_tiles);
  CHECK(reloaded);
}

TEST_CASE("the edge of any earlier size can be loaded from the tiles of a later one") {
  kept_tiles kept;
  tile_edge edge;
  std::vector<digest> roots;
  merkle::edge plain;
  std::map<tile_place, tile> full;
  for (uint64_t i = 0; i < 1000; ++i) {
    roots.push_back(plain.root());
    plain.add(leaf_of(i));
    edge.add(leaf_of(i), full);
  }
  kept.keep(edge, full);
  bool all = true;
  for (uint64_t size = 0; size < 1000; ++size)
    all = all && value_of(tile_edge::load(size, kept.source())).root() == roots[size];
  CHECK(all);
}

TEST_CASE("proofs from tiles hold") {
  kept_tiles kept;
  tile_edge edge;
  std::map<tile_place, tile> full;
  constexpr uint64_t size = 66'000;
  for (uint64_t i = 0; i < size; ++i)
    edge.add(leaf_of(i), full);
  kept.keep(edge, full);
  const auto nodes = nodes_in(kept.source());
  for (const uint64_t i : {0, 1, 255, 256, 65'535, 65'536, 65'999}) {
    const auto path = value_of(merkle::inclusion_path(i, size, nodes));
    CHECK(merkle::proves_inclusion(path, leaf_of(i), i, size, edge.root()));
    if (i == 0)
      continue;
    const auto old_root = value_of(merkle::root_of(i, nodes));
    CHECK(merkle::proves_consistency(value_of(merkle::consistency_path(i, size, nodes)), i,
                                     old_root, size, edge.root()));
  }
}

TEST_CASE("a tile that is missing or too short is named") {
  kept_tiles kept;
  tile_edge edge;
  std::map<tile_place, tile> full;
  for (uint64_t i = 0; i < 300; ++i)
    edge.add(leaf_of(i), full);
  kept.keep(edge, full);
  kept.all.at({0, 1}).pop_back();
  CHECK(failure_of(tile_edge::load(300, kept.source())).find("43 hashes instead of 44")
        != std::string::npos);
  CHECK(failure_of(merkle::root_of(300, nodes_in(kept.source()))).find("tile 1 on level 0")
        != std::string::npos);
  kept.all.erase({0, 0});
  CHECK_FALSE(merkle::inclusion_path(3, 290, nodes_in(kept.source())));
}
