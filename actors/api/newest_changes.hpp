#pragma once

#include "store/log_reader.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace skein::actors {

/// False ends the walk.
using change_visitor = std::function<bool(const std::string& id, uint64_t sequence)>;

enum class walk_end {
  ended,     ///< by the visitor
  beginning, ///< of the log: all were visited
  gave_up    ///< after so many events, or at one that does not say whose it is
};

/// Visits migrations by their newest event before the sequence `before`, newest first: the end of
/// the log has them in that order already. Looks at no more than `most` events for it.
expected<walk_end> walk_changes(const store::log_reader&, uint64_t before, uint64_t most,
                                const change_visitor&);

} // namespace skein::actors
