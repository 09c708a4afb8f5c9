#include "store/wal_types.hpp"

#include <array>
#include <fmt/format.h>
#include <fstream>

namespace skein::store {

namespace fs = std::filesystem;

namespace {

// A write-ahead log is blocks of 32 KiB, and in each one record behind the other, none across:
// crc:le32 length:le16 type:u8 bytes. (RocksDB: db/log_format.h.)
constexpr size_t block_bytes = 32 << 10;
constexpr size_t header_bytes = 7;

bool only_in_reused_files(unsigned char type) { return type >= 5 && type <= 8; }

/// Where in a block such a record starts; its length if there is none.
size_t find_in(const std::array<unsigned char, block_bytes>& block, size_t bytes) {
  for (size_t at = 0; at + header_bytes <= bytes;) {
    if (only_in_reused_files(block[at + 6]))
      return at;
    at += header_bytes + block[at + 4] + (size_t{block[at + 5]} << 8);
  }
  return bytes;
}

expected<void> check_file(const fs::path& path) {
  std::ifstream file{path, std::ios::binary};
  std::array<unsigned char, block_bytes> block;
  for (size_t start = 0; file; start += block_bytes) {
    file.read(reinterpret_cast<char*>(block.data()), block_bytes);
    const auto bytes = static_cast<size_t>(file.gcount());
    if (const auto at = find_in(block, bytes); at < bytes)
      return fail(fmt::format("{} is damaged at byte {}: start the daemon, which says what is "
                              "whole, or restore the folder from a copy",
                              path.string(), start + at));
  }
  return {};
}

} // namespace

expected<void> check_wal_types(const fs::path& folder) {
  std::error_code error;
  for (fs::directory_iterator i{folder, error}, end; !error && i != end; i.increment(error))
    if (i->path().extension() == ".log")
      if (auto whole = check_file(i->path()); !whole)
        return whole;
  return {};
}

} // namespace skein::store
