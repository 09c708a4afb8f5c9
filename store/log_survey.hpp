#pragma once

#include "store/log_layout.hpp"

#include <string>

namespace skein::store {

struct log_survey {
  std::string warning; ///< event_log::warning()
};

/// Looks at a log the way opening it would, with the lock held but without changing anything, and
/// fails if it is damaged in a way the request does not accept: so a refused opening leaves all
/// evidence in place. Reads the write-ahead log, which the writer's clean end leaves empty.
expected<log_survey> survey_log(const open_request&, const log_options&);

} // namespace skein::store
