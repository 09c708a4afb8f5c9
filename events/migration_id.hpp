#pragma once

#include "events/failure.hpp"

#include <string>
#include <string_view>

namespace skein {

/// The id of a dataset's migration, which is also its stream in the log:
/// `<dataset>@<target version>`.
std::string migration_id(std::string_view dataset, std::string_view target_version);

/// Checks a name that will become part of an id: 1 to 200 bytes of UTF-8 without `@`, control
/// characters or white space. `what` names it in the failure ("dataset id").
expected<void> check_name(std::string_view what, std::string_view name);

} // namespace skein
