#pragma once

#include "tools/skein/source.hpp"

#include <string>

namespace skein::console::screen {

/// What somebody types to narrow the list down, as parameters of `/v1/migrations`. Words with a
/// name and a colon are of that field: `state:parked,held`, `owner:group:default/film`,
/// `label:team=film`, `scan:…`, `failure:…` (a kind of failures), `idle:2h`, `older:2d`,
/// `younger:1h`, and `why:` with all behind it. Anything else is part of the dataset's name, in
/// small letters of any case; with * and ? a pattern for the whole of it.
parameters parameters_of_filter(const std::string& filter);

/// Part of a name as a pattern of the API: in any case of letters where it has no capitals.
std::string name_pattern(const std::string& part);

/// The filter with that field set, or with nothing taken out.
std::string with_field(const std::string& filter, const std::string& field,
                       const std::string& value);

} // namespace skein::console::screen
