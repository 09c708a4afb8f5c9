#pragma once

#include "events/failure.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace skein::actors {

/// Looks a variable up; null when it is not set.
using variable_lookup = std::function<const std::string*(std::string_view name)>;

/// Replaces `${NAME}` by the variable's value, `${NAME:-text}` by it or, when it is unset or empty,
/// by the text (as in IEEE 1003.1, section 2.6.2), and `$${` by a literal `${`. One pass: what a
/// value holds is never expanded again. Fails on an unknown variable or a missing brace, with words
/// that go on from "argument 2 ...".
expected<std::string> expand(std::string_view text, const variable_lookup& find);

} // namespace skein::actors
