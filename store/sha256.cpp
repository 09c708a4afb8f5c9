#include "store/sha256.hpp"

#include <new>
#include <openssl/evp.h>

namespace skein::store {

std::string_view bytes_of(const digest& x) {
  return {reinterpret_cast<const char*>(x.data()), x.size()};
}

struct sha256::impl {
  std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> method{EVP_MD_fetch(nullptr, "SHA256", nullptr),
                                                         EVP_MD_free};
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(),
                                                                  EVP_MD_CTX_free};
};

sha256::sha256() : impl_{std::make_unique<impl>()} {
  // There is no OpenSSL 3 without SHA-256: what is missing here is memory.
  if (!impl_->method || !impl_->context)
    throw std::bad_alloc{};
}

sha256::~sha256() = default;

digest sha256::of(std::initializer_list<std::string_view> parts) {
  digest result;
  EVP_DigestInit_ex2(impl_->context.get(), impl_->method.get(), nullptr);
  for (const auto part : parts)
    EVP_DigestUpdate(impl_->context.get(), part.data(), part.size());
  EVP_DigestFinal_ex(impl_->context.get(), result.data(), nullptr);
  return result;
}

} // namespace skein::store
