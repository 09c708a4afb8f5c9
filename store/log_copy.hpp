#pragma once

#include "store/event_log.hpp"

namespace skein::store {

/// Opens a log as open_log() does; one that is created gets this id instead of one of its own,
/// since it is to be the same log in another place.
expected<std::unique_ptr<event_log>> open_log_copy(const std::filesystem::path&,
                                                   const std::string& log_id);

} // namespace skein::store
