#pragma once

#include "events/failure.hpp"

#include <filesystem>
#include <string>
#include <string_view>

/// Random bytes and what is made of them.
namespace skein::actors {

/// From the kernel; never fails on a system that has booted.
std::string random_bytes(std::size_t count);

/// RFC 4648, section 5, without padding.
std::string base64url(std::string_view bytes);

/// HMAC-SHA256 (RFC 2104), 32 bytes. Keys longer than 64 bytes are not for here.
std::string authenticate(std::string_view key, std::string_view message);

/// In a time that does not tell where they differ.
bool equal_secrets(std::string_view a, std::string_view b);

/// The 32 secret bytes in that file, which is made with mode 0600 if it is not there.
expected<std::string> load_or_make_secret(const std::filesystem::path&);

} // namespace skein::actors
