#pragma once

#include "store/verifying_key.hpp"

#include <filesystem>
#include <memory>

namespace skein::store {

/// An Ed25519 private key (RFC 8032), kept as a PKCS #8 PEM file. For any number of threads.
class signing_key {
public:
  /// Reads the key in that file, or makes a new one there, mode 0600, if there is no such file.
  /// A file that others than its owner may read is refused. The file holds no name: the key goes by
  /// the one given here.
  static expected<signing_key> load_or_make(const std::filesystem::path&, const std::string& name);

  const verifying_key& verifier() const { return verifier_; }

  /// 64 bytes.
  expected<std::string> sign(std::string_view message) const;

private:
  signing_key(std::shared_ptr<void> key, verifying_key verifier)
      : key_{std::move(key)}, verifier_{std::move(verifier)} {}

  std::shared_ptr<void> key_; // an EVP_PKEY
  verifying_key verifier_;
};

} // namespace skein::store
