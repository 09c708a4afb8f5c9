#include "actors/api/consumer_closure.hpp"

#include <unordered_set>

namespace skein::actors {

expected<std::vector<consumer_link>> consumers_of(const std::string& dataset, uint32_t depth,
                                                  const readers_of& readers) {
  std::vector<consumer_link> found;
  std::unordered_set<std::string> seen{dataset};
  std::vector<std::string> level{dataset};
  for (uint32_t at = 1; !level.empty() && at <= depth; ++at) {
    auto here = readers(level);
    if (!here)
      return tl::unexpected{here.error()};
    std::vector<std::string> next;
    for (std::size_t i = 0; i < level.size(); ++i)
      for (auto& reader : (*here)[i]) {
        if (reader.dataset == dataset)
          continue;
        if (!reader.dataset.empty() && seen.insert(reader.dataset).second)
          next.push_back(std::move(reader.dataset));
        found.push_back({std::move(reader.ref), at, level[i], std::move(reader.shown)});
      }
    level = std::move(next);
  }
  return found;
}

} // namespace skein::actors
