#include "tools/skein/doctor/gather.hpp"

#include <cstdio>
#include <ctime>
#include <memory>
#include <openssl/pem.h>
#include <openssl/x509.h>

namespace skein::console::doctor {

namespace {

struct closer {
  void operator()(std::FILE* file) const { std::fclose(file); }
  void operator()(X509* what) const { X509_free(what); }
};

} // namespace

/// The first certificate of a PEM file: of a chain, the server's own.
certificate_facts gather_certificate(const std::filesystem::path& path) {
  certificate_facts result{path, {}, {}};
  const std::unique_ptr<std::FILE, closer> file{std::fopen(path.c_str(), "re")};
  const std::unique_ptr<X509, closer> found{
      file ? PEM_read_X509(file.get(), nullptr, nullptr, nullptr) : nullptr};
  std::tm begins{};
  std::tm ends{};
  if (!found || ASN1_TIME_to_tm(X509_get0_notBefore(found.get()), &begins) != 1
      || ASN1_TIME_to_tm(X509_get0_notAfter(found.get()), &ends) != 1) {
    result.why_unusable = "the certificate " + path.string()
                          + " cannot be read; it must be a PEM file that this user may read";
    return result;
  }
  result.begins = std::chrono::system_clock::from_time_t(timegm(&begins));
  result.expires = std::chrono::system_clock::from_time_t(timegm(&ends));
  return result;
}

} // namespace skein::console::doctor
