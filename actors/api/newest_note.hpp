#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace skein::actors {

/// The last whole note of a file of signed heads, without reading what is before it.
std::optional<std::string> newest_note(const std::filesystem::path& heads_file);

} // namespace skein::actors
