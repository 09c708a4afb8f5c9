#pragma once

#include "store/view_store.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <string_view>

namespace skein::actors {

/// The names that a migration's phase has to those who ask.
inline constexpr std::array<std::string_view, 8> phase_names{
    "running",     "completed", "held",        "parked",
    "quarantined", "cancelled", "rolled_back", "unreadable"};

/// How many migrations are in each of them, as the view keeps count.
std::map<std::string_view, uint64_t> phase_counts(const store::view_reader&);

} // namespace skein::actors
