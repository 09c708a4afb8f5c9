#pragma once

#include "events/failure.hpp"

#include <string>
#include <string_view>

namespace skein::store {

/// An Ed25519 public key (RFC 8032) with a name, as signed notes know it
/// (https://c2sp.org/signed-note).
class verifying_key {
public:
  /// `public_key` is 32 bytes. The name must not be empty, nor hold white space or a plus sign.
  verifying_key(std::string name, std::string public_key);

  /// Reads what text() writes.
  static expected<verifying_key> parse(std::string_view text);

  const std::string& name() const { return name_; }

  /// The 4 bytes that a signature names its key by: the first of SHA-256(name "\n" 0x01 key).
  const std::string& id() const { return id_; }

  /// `<name>+<id in hex>+<base64(0x01 key)>`: what notes call a verifier key.
  std::string text() const;

  bool verifies(std::string_view message, std::string_view signature) const;

  bool operator==(const verifying_key&) const = default;

private:
  std::string name_;
  std::string key_;
  std::string id_;
};

} // namespace skein::store
