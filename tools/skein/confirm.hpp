#pragma once

#include "tools/skein/outcome.hpp"

#include <functional>
#include <string>

namespace skein::console {

/// Asks a person at a terminal whether to go on with what is dangerous, after showing what it
/// concerns. Who is not at a terminal has to have said `--yes`.
outcome<void> confirm(bool yes, const std::function<outcome<std::string>()>& what_it_concerns);

} // namespace skein::console
