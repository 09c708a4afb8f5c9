#pragma once

#include "actors/view_row.hpp"

#include <string>
#include <string_view>

/// Migrations that failed the same way: for the same reason, but for what differs from one to the
/// next. What it comes to is kept in the view: who changes it changes `view_schema` too.
namespace skein::actors {

/// A reason without what differs: `lake/<path>: row <n> of '<text>' is no date`. Times, addresses
/// (URLs), paths, UUIDs, hexadecimal and other numbers, quoted texts, ids such as `movies@v2`, and
/// the dataset's own name give way to their kind in angle brackets. Blanks and line ends become one
/// blank; from 300 bytes on it is cut. Pure, and total: any bytes have one.
std::string normalised_reason(std::string_view reason, std::string_view dataset);

/// The group of a migration that rests parked, held or quarantined, or cannot be read: 12
/// hexadecimal digits that stand for its phase, the step it is at and its normalised reason.
/// Empty for any other.
std::string failure_group_of(const std::string& id, const view_row&);

} // namespace skein::actors
