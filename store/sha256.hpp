#pragma once

#include <array>
#include <initializer_list>
#include <memory>
#include <string_view>

namespace skein::store {

/// A SHA-256 hash (FIPS 180-4).
using digest = std::array<unsigned char, 32>;

std::string_view bytes_of(const digest&);

/// Hashes one text after the other. Setting OpenSSL up costs several times what hashing a small
/// record does, so keep one; for one thread at a time.
class sha256 {
public:
  sha256();
  ~sha256();
  sha256(const sha256&) = delete;
  sha256& operator=(const sha256&) = delete;

  /// The hash of all parts, one behind the other.
  digest of(std::initializer_list<std::string_view> parts);

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

} // namespace skein::store
