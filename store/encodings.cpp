#include "store/encodings.hpp"

#include <algorithm>
#include <openssl/evp.h>

namespace skein::store {

namespace {

const unsigned char* unsigned_bytes(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

} // namespace

std::string hex(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * bytes.size());
  for (const unsigned char byte : bytes)
    text.append({digits[byte >> 4], digits[byte & 15]});
  return text;
}

std::string hex(const digest& x) { return hex(bytes_of(x)); }

std::string base64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0'); // OpenSSL ends it with a NUL
  const auto length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                      unsigned_bytes(bytes), static_cast<int>(bytes.size()));
  text.resize(static_cast<size_t>(length));
  return text;
}

std::string base64(const digest& x) { return base64(bytes_of(x)); }

std::optional<std::string> from_base64(std::string_view text) {
  if (text.empty())
    return std::string{};
  std::string bytes(text.size() / 4 * 3 + 3, '\0');
  const auto length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                      unsigned_bytes(text), static_cast<int>(text.size()));
  if (length < 0)
    return std::nullopt;
  // OpenSSL counts the padding, takes white space, and ignores bits that do not count.
  const auto padding = std::min<ptrdiff_t>(std::count(text.begin(), text.end(), '='), 2);
  bytes.resize(static_cast<size_t>(length - padding));
  return base64(bytes) == text ? std::optional{std::move(bytes)} : std::nullopt;
}

std::optional<digest> digest_from_base64(std::string_view text) {
  const auto bytes = from_base64(text);
  digest result;
  if (!bytes || bytes->size() != result.size())
    return std::nullopt;
  std::copy(bytes->begin(), bytes->end(), result.begin());
  return result;
}

} // namespace skein::store
