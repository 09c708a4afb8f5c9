#pragma once

#include "actors/api/metrics.hpp"
#include "store/event_log.hpp"

#include <memory>

namespace skein::actors {

/// The same log, which counts its commits and how long each took.
std::unique_ptr<store::event_log> measure(std::unique_ptr<store::event_log> log,
                                          std::shared_ptr<metrics> counted);

} // namespace skein::actors
