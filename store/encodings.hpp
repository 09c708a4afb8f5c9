#pragma once

#include "store/sha256.hpp"

#include <optional>
#include <string>
#include <string_view>

/// Bytes as text.
namespace skein::store {

/// Lower-case hexadecimal.
std::string hex(std::string_view bytes);
std::string hex(const digest&);

/// RFC 4648, section 4, with padding.
std::string base64(std::string_view bytes);
std::string base64(const digest&);

/// Nothing unless base64() gives exactly this text, so that equal bytes have one text.
std::optional<std::string> from_base64(std::string_view text);

/// The same for text that must be a hash.
std::optional<digest> digest_from_base64(std::string_view text);

} // namespace skein::store
