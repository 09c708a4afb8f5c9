#pragma once

#include "actors/types.hpp"
#include "store/view_store.hpp"

#include <string>
#include <vector>

/// What a coordinator finds still to do, as the view has it. The view can be behind the log: what
/// it shows may have been done by now.
namespace skein::actors {

struct waiting_migration {
  std::string id;
  std::string place; ///< its key in the view
};

/// The migrations that owe something, in the order in which they were asked for: those after
/// `place` ("" for the first), at most `limit`. Fewer than that: they are the last.
expected<std::vector<waiting_migration>> read_backlog(const store::view_reader& view,
                                                      const std::string& place, std::size_t limit);

/// All attempts that run.
expected<std::vector<watched>> running_attempts(const store::view_reader& view);

} // namespace skein::actors
