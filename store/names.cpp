#include "store/names.hpp"

#include <fmt/format.h>

namespace skein::store {

expected<void> check_name(std::string_view what, std::string_view name) {
  if (name.empty())
    return fail(fmt::format("a {} has no name: give it one", what));
  if (name.size() > name_bytes_max)
    return fail(fmt::format("the name of a {} has {} bytes: at most {} are allowed", what,
                            name.size(), name_bytes_max));
  if (auto nul = name.find('\0'); nul != name.npos)
    return fail(fmt::format("the name of a {} has a NUL byte after \"{}\": leave it out", what,
                            name.substr(0, nul)));
  return {};
}

} // namespace skein::store
