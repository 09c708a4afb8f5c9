#pragma once

#include <span>
#include <string_view>

namespace skein::migration {

/// All that name_of(event) can answer (events/migration.hpp).
std::span<const std::string_view> event_names() noexcept;

} // namespace skein::migration
