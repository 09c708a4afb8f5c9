#pragma once

#include "actors/api/event_feed.hpp"
#include "actors/api/http_api.hpp"
#include "actors/api/metrics.hpp"
#include "store/event_log.hpp"
#include "store/view_store.hpp"

#include <filesystem>

namespace skein::actors {

/// What a daemon is asked for the moment its metrics are.
struct read_from {
  const store::log_reader& log;
  const store::view_reader& view;
  const std::filesystem::path& heads_file;
};

std::vector<gauge_reading> readings_of(const read_from&, const feed_counts&,
                                       const std::vector<pool_line>& pools);

} // namespace skein::actors
