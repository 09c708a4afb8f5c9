#include "tests/cluster/certificates.hpp"

#include <cstdio>
#include <memory>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace skein::tests {

namespace {

using key_ptr = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using file_ptr = std::unique_ptr<FILE, decltype(&std::fclose)>;

} // namespace

void make_certificate(const std::filesystem::path& folder, const std::string& name,
                      const std::string& host, std::chrono::hours begins, std::chrono::hours ends) {
  using std::chrono::seconds;
  const key_ptr key{EVP_EC_gen("P-256"), EVP_PKEY_free};
  const std::unique_ptr<X509, decltype(&X509_free)> made{X509_new(), X509_free};
  X509_set_version(made.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(made.get()), seconds{begins}.count());
  X509_gmtime_adj(X509_getm_notAfter(made.get()), seconds{ends}.count());
  X509_set_pubkey(made.get(), key.get());
  auto* subject = X509_get_subject_name(made.get());
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  X509_set_issuer_name(made.get(), subject);
  auto* names = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, host.c_str());
  X509_add_ext(made.get(), names, -1);
  X509_EXTENSION_free(names);
  X509_sign(made.get(), key.get(), EVP_sha256());
  const file_ptr to_key{std::fopen((folder / (name + ".key")).c_str(), "w"), std::fclose};
  PEM_write_PrivateKey(to_key.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  const file_ptr to_pem{std::fopen((folder / (name + ".pem")).c_str(), "w"), std::fclose};
  PEM_write_X509(to_pem.get(), made.get());
}

} // namespace skein::tests
