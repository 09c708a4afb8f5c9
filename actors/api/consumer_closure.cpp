#include "actors/api/consumer_closure.hpp"

#include <deque>
#include <set>

namespace skein::actors {

expected<std::vector<consumer_link>> consumers_of(const std::string& dataset, uint32_t depth,
                                                  const readers_of& readers) {
  struct place {
    std::string dataset;
    uint32_t depth;
  };
  std::vector<consumer_link> found;
  std::set<std::string> seen{dataset};
  for (std::deque<place> next{{dataset, 1}}; !next.empty() && next.front().depth <= depth;
       next.pop_front()) {
    const auto at = next.front();
    auto here = readers(at.dataset);
    if (!here)
      return tl::unexpected{here.error()};
    for (auto& reader : *here) {
      if (reader.dataset == dataset)
        continue;
      if (!reader.dataset.empty() && seen.insert(reader.dataset).second)
        next.push_back({reader.dataset, at.depth + 1});
      found.push_back({std::move(reader.ref), at.depth, at.dataset});
    }
  }
  return found;
}

} // namespace skein::actors
