#pragma once

#include "events/failure.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace skein::actors {

/// A consumer that a change of a dataset can reach, and the dataset it reads on that path.
struct consumer_link {
  std::string ref;
  uint32_t depth; ///< 1: it reads the dataset itself
  std::string via;
  std::string shown; ///< as its reader had it

  bool operator==(const consumer_link&) const = default;
};

/// A consumer that reads a dataset itself.
struct dataset_reader {
  std::string ref;
  std::string dataset; ///< the one it is, if it is one; empty if nothing can be read there
  std::string shown;   ///< what is to be said of it; the walk only hands it on
};

/// The readers of each of these datasets, in their order.
using readers_of = std::function<expected<std::vector<std::vector<dataset_reader>>>(
    const std::vector<std::string>& datasets)>;

/// Everything that reads `dataset`, or what is made from it, up to `depth` datasets away: breadth
/// first, so that each dataset is met on a shortest path, and only once, whatever cycles there are.
/// All datasets of one depth are asked for at once. A consumer is named once for each dataset it
/// reads. The dataset itself, as a consumer in a cycle, is left out.
expected<std::vector<consumer_link>> consumers_of(const std::string& dataset, uint32_t depth,
                                                  const readers_of& readers);

} // namespace skein::actors
