#include "store/signing_key.hpp"

#include "store/durable_file.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sys/stat.h>

namespace skein::store {

namespace fs = std::filesystem;

namespace {

constexpr size_t file_bytes_max = 1 << 16;
constexpr size_t public_bytes = 32;
constexpr size_t signature_bytes = 64;

using pkey = std::shared_ptr<EVP_PKEY>;
using bio = std::unique_ptr<BIO, decltype(&BIO_free)>;

expected<pkey> make_key(const fs::path& path) {
  pkey key{EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"), EVP_PKEY_free};
  const bio text{BIO_new(BIO_s_mem()), BIO_free};
  if (!key || !text
      || PEM_write_bio_PrivateKey(text.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr)
             != 1)
    return fail("OpenSSL cannot make an Ed25519 key: its configuration may forbid it");
  char* begin = nullptr;
  const auto size = BIO_get_mem_data(text.get(), &begin);
  return replace_durably(path, {begin, static_cast<size_t>(size)}, 0600).map([&] { return key; });
}

int no_password(char*, int, int, void*) { return 0; }

expected<pkey> load_key(const fs::path& path) {
  struct stat facts {};
  if (::stat(path.c_str(), &facts) != 0)
    return cannot("look at the signing key", path);
  if ((facts.st_mode & 077) != 0)
    return fail(
        fmt::format("the signing key {0} may be used by others than its owner (mode {1:o}); "
                    "if nobody has copied it: chmod 600 {0}",
                    path.string(), facts.st_mode & 0777));
  const auto content = read_from(path, 0, file_bytes_max);
  if (!content)
    return tl::unexpected{content.error()};
  const bio text{BIO_new_mem_buf(content->data(), static_cast<int>(content->size())), BIO_free};
  pkey key{PEM_read_bio_PrivateKey(text.get(), nullptr, no_password, nullptr), EVP_PKEY_free};
  if (!key || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_ED25519)
    return fail(
        fmt::format("{} holds no Ed25519 private key in PEM without a password; restore it, "
                    "or move it away to have a new one made",
                    path.string()));
  return key;
}

} // namespace

expected<signing_key> signing_key::load_or_make(const fs::path& path, const std::string& name) {
  std::error_code error;
  const bool is_there = fs::exists(path, error);
  if (error)
    return fail(
        fmt::format("cannot look for the signing key {}: {}", path.string(), error.message()));
  const auto key = is_there ? load_key(path) : make_key(path);
  if (!key)
    return tl::unexpected{key.error()};
  std::string raw(public_bytes, '\0');
  auto size = raw.size();
  if (EVP_PKEY_get_raw_public_key(key->get(), reinterpret_cast<unsigned char*>(raw.data()), &size)
      != 1)
    return fail(fmt::format("the key in {} has no public half", path.string()));
  return signing_key{*key, verifying_key{name, std::move(raw)}};
}

expected<std::string> signing_key::sign(std::string_view message) const {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(),
                                                                        EVP_MD_CTX_free};
  std::string signature(signature_bytes, '\0');
  auto size = signature.size();
  if (!context
      || EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr,
                            static_cast<EVP_PKEY*>(key_.get()))
             != 1
      || EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                        reinterpret_cast<const unsigned char*>(message.data()), message.size())
             != 1)
    return fail("OpenSSL cannot sign with this Ed25519 key");
  return signature;
}

} // namespace skein::store
