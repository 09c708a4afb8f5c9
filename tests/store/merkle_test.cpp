#include "store/encodings.hpp"
#include "store/merkle.hpp"
#include "support.hpp"

#include <bit>

using namespace skein;
using namespace skein::store;
using namespace skein::store::merkle;
using skein::store::test::value_of;

namespace {

/// The leaves of the reference trees of Certificate Transparency (RFC 6962 and 9162 hash alike),
/// and the roots over the first 1 to 8 of them.
const std::vector<std::string> leaves_of_ct{
    "",
    std::string{"\x00", 1},
    "\x10",
    "\x20\x21",
    "\x30\x31",
    "\x40\x41\x42\x43",
    "\x50\x51\x52\x53\x54\x55\x56\x57",
    "\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f"};

const char* const roots_of_ct[]{"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                                "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                                "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                                "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                                "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                                "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                                "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};

/// Every level of the tree over these leaves, each made of the one below.
class whole_tree {
public:
  explicit whole_tree(std::vector<digest> leaves) : levels_{std::move(leaves)} {
    while (levels_.back().size() > 1) {
      std::vector<digest> next;
      for (size_t i = 0; i + 1 < levels_.back().size(); i += 2)
        next.push_back(node_hash(levels_.back()[i], levels_.back()[i + 1]));
      levels_.push_back(std::move(next));
    }
  }

  node_source nodes() const {
    return [this](unsigned level, uint64_t index) -> expected<digest> {
      return levels_.at(level).at(index);
    };
  }

private:
  std::vector<std::vector<digest>> levels_;
};

constexpr uint64_t sizes = 130;

std::vector<digest> some_leaves(uint64_t count = sizes) {
  std::vector<digest> leaves;
  for (uint64_t i = 0; i < count; ++i)
    leaves.push_back(leaf_hash("record " + std::to_string(i)));
  return leaves;
}

/// The definition of section 2.1.1 itself, to hold the rest against.
digest root_by_definition(std::span<const digest> leaves) {
  if (leaves.size() == 1)
    return leaves[0];
  const auto left = std::bit_floor(leaves.size() - 1);
  return node_hash(root_by_definition(leaves.first(left)),
                   root_by_definition(leaves.subspan(left)));
}

struct grown {
  std::vector<digest> leaves = some_leaves();
  whole_tree tree{leaves};
  std::vector<digest> roots{empty_root()}; ///< by size

  grown() {
    for (uint64_t size = 1; size <= sizes; ++size)
      roots.push_back(root_by_definition(std::span{leaves}.first(size)));
  }
};

/// Every way to change one bit, leave one out, or add one.
std::vector<path> spoilt(const path& from) {
  std::vector<path> all;
  for (size_t i = 0; i < from.size(); ++i) {
    auto flipped = from;
    flipped[i][i % 32] ^= 0x10;
    all.push_back(flipped);
    auto shorter = from;
    shorter.erase(shorter.begin() + static_cast<ptrdiff_t>(i));
    all.push_back(shorter);
  }
  auto longer = from;
  longer.push_back(digest{});
  all.push_back(longer);
  return all;
}

} // namespace

TEST_CASE("the roots of Certificate Transparency's reference trees") {
  CHECK(hex(empty_root()) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  std::vector<digest> leaves;
  edge growing;
  for (const auto& bytes : leaves_of_ct) {
    leaves.push_back(leaf_hash(bytes));
    growing.add(leaves.back());
    const auto* known = roots_of_ct[leaves.size() - 1];
    CHECK(hex(growing.root()) == known);
    CHECK(hex(value_of(root_of(leaves.size(), whole_tree{leaves}.nodes()))) == known);
  }
}

TEST_CASE("the roots of a growing tree are those of the definition") {
  const grown g;
  edge growing;
  CHECK(growing.root() == g.roots[0]);
  for (uint64_t size = 1; size <= sizes; ++size) {
    growing.add(g.leaves[size - 1]);
    CHECK(growing.size() == size);
    CHECK(growing.root() == g.roots[size]);
    CHECK(value_of(root_of(size, g.tree.nodes())) == g.roots[size]);
  }
}

TEST_CASE("every leaf is proved to be in every tree that has it, in its place only") {
  const grown g;
  bool all_proved = true, none_elsewhere = true;
  for (uint64_t size = 1; size <= sizes; ++size)
    for (uint64_t i = 0; i < size; ++i) {
      const auto by = value_of(inclusion_path(i, size, g.tree.nodes()));
      all_proved = all_proved && proves_inclusion(by, g.leaves[i], i, size, g.roots[size]);
      const auto other = (i + 1) % sizes;
      none_elsewhere = none_elsewhere
                       && !proves_inclusion(by, g.leaves[other], i, size, g.roots[size])
                       && !proves_inclusion(by, g.leaves[i], other, size, g.roots[size])
                       && !proves_inclusion(by, g.leaves[i], i, size, g.roots[size - 1]);
    }
  CHECK(all_proved);
  CHECK(none_elsewhere);
}

TEST_CASE("every tree is proved to start with every smaller one") {
  const grown g;
  bool all_proved = true, no_other = true;
  for (uint64_t size = 1; size <= sizes; ++size)
    for (uint64_t old = 0; old <= size; ++old) {
      const auto by = value_of(consistency_path(old, size, g.tree.nodes()));
      all_proved = all_proved && proves_consistency(by, old, g.roots[old], size, g.roots[size]);
      const auto& wrong = g.roots[(old + 1) % sizes];
      no_other = no_other && !proves_consistency(by, old, wrong, size, g.roots[size])
                 && (old == 0 || !proves_consistency(by, old, g.roots[old], size, wrong)
                     || wrong == g.roots[size]);
    }
  CHECK(all_proved);
  CHECK(no_other);
}

TEST_CASE("a proof with anything changed, missing or added proves nothing") {
  const grown g;
  bool any = false;
  for (const uint64_t size : {1, 2, 3, 7, 8, 9, 64, 65, 100, 130}) {
    for (uint64_t i = 0; i < size; ++i)
      for (const auto& by : spoilt(value_of(inclusion_path(i, size, g.tree.nodes()))))
        any = any || proves_inclusion(by, g.leaves[i], i, size, g.roots[size]);
    for (uint64_t old = 1; old <= size; ++old)
      for (const auto& by : spoilt(value_of(consistency_path(old, size, g.tree.nodes()))))
        any = any || proves_consistency(by, old, g.roots[old], size, g.roots[size]);
  }
  CHECK_FALSE(any);
}

TEST_CASE("a leaf cannot pass for a node") {
  const auto leaves = some_leaves(2);
  const auto root = node_hash(leaves[0], leaves[1]);
  const auto forged = std::string{bytes_of(leaves[0])} + std::string{bytes_of(leaves[1])};
  CHECK(leaf_hash(forged) != root);
}

TEST_CASE("a node that cannot be had is a failure of the path") {
  const node_source none = [](unsigned, uint64_t) -> expected<digest> { return fail("gone"); };
  CHECK_FALSE(root_of(3, none));
  CHECK_FALSE(inclusion_path(1, 3, none));
  CHECK_FALSE(consistency_path(2, 3, none));
}
