#pragma once

#include "events/failure.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <sys/types.h>

/// Small files that must survive a power failure.
namespace skein::store {

/// "cannot <do this to> <path>: <the system's words for errno>"
tl::unexpected<failure> cannot(std::string_view what, const std::filesystem::path&);

/// The content from that byte on, at most `limit` bytes of it.
expected<std::string> read_from(const std::filesystem::path&, uint64_t offset, size_t limit);

/// Creates the file or replaces it as a whole, with that mode: written and synced under another
/// name beside it, and renamed.
expected<void> replace_durably(const std::filesystem::path&, std::string_view content, mode_t);

/// Adds to the end of the file, which is created if need be, and syncs it.
expected<void> append_durably(const std::filesystem::path&, std::string_view content);

/// Cuts the file, and syncs it.
expected<void> cut_durably(const std::filesystem::path&, uint64_t size);

} // namespace skein::store
