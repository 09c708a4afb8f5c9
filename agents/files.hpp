#pragma once

#include "agents/outcome.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace skein::agents {

/// A failed system call as a trouble: transient when the disk is full or a quota is used up.
trouble trouble_of(int error_number, std::string_view doing, const std::filesystem::path& what);

/// SHA-256 (FIPS 180-4) in lower-case hex.
outcome<std::string> sha256_of_file(const std::filesystem::path&);
std::string sha256_of_text(std::string_view);

outcome<std::string> read_file(const std::filesystem::path&);

/// Writes a whole file and makes it durable (the folder's entry is not; see `sync`).
outcome<void> write_file(const std::filesystem::path&, std::string_view content);

/// Writes beside the file and renames over it: readers see the old content or the new one.
outcome<void> replace_file(const std::filesystem::path&, std::string_view content);

/// fsync of a file or a folder.
outcome<void> sync(const std::filesystem::path&);

/// Names that cannot leave their folder or collide: everything outside `[A-Za-z0-9._@-]`, and a
/// leading dot, becomes `%HH`.
std::string file_name_for(std::string_view name);

/// What tells one state of a file from another without reading it.
struct file_stamp {
  std::uintmax_t bytes = 0;
  int64_t modified_ns = 0;
  uint64_t inode = 0;

  bool operator==(const file_stamp&) const = default;
};

outcome<file_stamp> stamp_of(const std::filesystem::path&);

} // namespace skein::agents
