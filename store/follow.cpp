#include "store/follow.hpp"

#include <fmt/format.h>
#include <fstream>

namespace skein::store {

std::string manifest_stamp(const std::filesystem::path& folder) {
  std::string manifest;
  std::ifstream{folder / "CURRENT"} >> manifest;
  std::error_code error;
  auto bytes = std::filesystem::file_size(folder / manifest, error);
  return fmt::format("{} {}", manifest, error ? 0 : bytes);
}

failure too_busy_to_follow(const std::filesystem::path& folder, std::string_view noun) {
  return {fmt::format("the writer of the {} in {} flushes faster than it can be followed: try "
                      "again when it is less busy",
                      noun, folder.string())};
}

} // namespace skein::store
