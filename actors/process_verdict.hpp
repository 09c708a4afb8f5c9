#pragma once

#include "actors/runner.hpp"
#include "cluster/child_process.hpp"

#include <optional>

namespace skein::actors {

/// What an agent's process came to: how it ended, and what it had printed as its output, if
/// anything.
using printed_output = std::optional<tl::expected<migration::success, migration::setback>>;

std::variant<migration::success, migration::setback> verdict_of(const cluster::exit_status& how,
                                                                const printed_output& printed,
                                                                const run_limits& limits);

/// The last non-empty lines of stderr, at most 2 KiB of them, as valid UTF-8.
std::string reason_from(std::string_view stderr_tail);

} // namespace skein::actors
