#pragma once

#include "events/failure.hpp"
#include "events/steering.hpp"
#include "store/view_store.hpp"

#include <string>
#include <vector>

namespace skein::actors {

/// Migrations that a filter lets through, in the order of their ids.
struct bulk_page {
  std::vector<std::string> ids;
  std::string reached; ///< the last that was looked at
};

/// Fails on a filter that means nothing.
expected<void> check_bulk_filter(const steering::filter&, steering::timestamp now);

/// The next of them behind `after`, at most so many. Fails on a filter that means nothing.
expected<bulk_page> read_bulk_page(const store::view_reader& view, const steering::filter&,
                                   const std::string& after, std::size_t limit,
                                   steering::timestamp now);

struct bulk_preview {
  uint64_t count = 0;
  std::vector<std::string> first; ///< the ids of some of them
};

/// How many there are now.
expected<bulk_preview> preview_bulk(const store::view_reader& view, const steering::filter&,
                                    steering::timestamp now);

} // namespace skein::actors
