#pragma once

#include "store/event_log.hpp"

namespace skein::store {

/// The checks that every log makes before it looks anything up, and the conflict it answers.
/// Nothing means that the append may go on.
std::optional<append_error> check_shape(const append&);
std::optional<append_error> check_version(const append&, uint64_t found);

append_error log_failed(const std::string& why);

} // namespace skein::store
