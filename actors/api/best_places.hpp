#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace skein::actors {

/// Where a row stands: what it is sorted by, as bytes that compare so, and its id.
using place = std::pair<std::string, std::string>;

/// Gathers the first places behind one, among any number that come in any order. A list looks at
/// a hundred thousand of them for one page: those that are not among the best by now are only
/// compared, and those that are lie side by side in one piece of memory.
class best_places {
public:
  best_places(uint64_t limit, bool descending, std::optional<place> behind)
      : limit_{limit}, descending_{descending}, behind_{std::move(behind)} {}

  void add(std::string_view key, std::string_view id);

  /// At most one more than `limit`, in their order.
  std::vector<place> take();

private:
  using view = std::pair<std::string_view, std::string_view>;

  struct kept {
    std::size_t at, key_size, id_size; ///< of the key in `bytes_`, with the id behind it
  };

  view at(const kept& x) const;
  bool before(const view& a, const view& b) const { return descending_ ? b < a : a < b; }
  void cut();

  const uint64_t limit_;
  const bool descending_;
  const std::optional<place> behind_;
  std::vector<kept> places_;
  std::string bytes_;
  std::optional<place> worst_; ///< of those kept, once there are enough
};

} // namespace skein::actors
