#include "store/verifying_key.hpp"

#include "store/encodings.hpp"

#include <memory>
#include <openssl/evp.h>

namespace skein::store {

namespace {

constexpr char ed25519 = 1; // the algorithm's number in signed notes
constexpr size_t key_bytes = 32;

const unsigned char* unsigned_bytes(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

bool can_be_name(std::string_view name) {
  return !name.empty() && name.find_first_of(" \t\r\n+") == std::string_view::npos;
}

tl::unexpected<failure> no_key(std::string_view text) {
  return fail("'" + std::string{text}
              + "' is no public key: expected <name>+<8 hex digits>+<base64>, in one line, as "
                "`skein audit key` prints it");
}

} // namespace

verifying_key::verifying_key(std::string name, std::string public_key)
    : name_{std::move(name)}, key_{std::move(public_key)} {
  const std::string_view algorithm{&ed25519, 1};
  id_ = std::string{bytes_of(sha256{}.of({name_, "\n", algorithm, key_})).substr(0, 4)};
}

expected<verifying_key> verifying_key::parse(std::string_view text) {
  const auto first = text.find('+');
  const auto second = first == text.npos ? text.npos : text.find('+', first + 1);
  if (second == text.npos)
    return no_key(text);
  const auto typed = from_base64(text.substr(second + 1));
  const auto name = text.substr(0, first);
  if (!typed || typed->size() != key_bytes + 1 || typed->front() != ed25519 || !can_be_name(name))
    return no_key(text);
  verifying_key key{std::string{name}, typed->substr(1)};
  if (hex(key.id()) != text.substr(first + 1, second - first - 1))
    return fail("the public key '" + std::string{text}
                + "' does not fit its own id: a character of it was lost or changed");
  return key;
}

std::string verifying_key::text() const {
  return name_ + "+" + hex(id_) + "+" + base64(ed25519 + key_);
}

bool verifying_key::verifies(std::string_view message, std::string_view signature) const {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key{
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, unsigned_bytes(key_), key_.size()),
      EVP_PKEY_free};
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(),
                                                                        EVP_MD_CTX_free};
  return key && context
         && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1
         && EVP_DigestVerify(context.get(), unsigned_bytes(signature), signature.size(),
                             unsigned_bytes(message), message.size())
                == 1;
}

} // namespace skein::store
