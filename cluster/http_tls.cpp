#include "cluster/http_session.hpp"

#include <boost/asio/ssl/context.hpp>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

namespace skein::cluster {

namespace {

namespace ssl = boost::asio::ssl;
using boost::system::error_code;

failure unusable(const char* what, const std::filesystem::path& file, const error_code& error) {
  return {
      "cannot use the " + std::string{what} + " " + file.string() + ": " + error.message()
      + "; it must be a PEM file that this user may read, and a key the one of its certificate"};
}

/// What is wrong with the certificate of a context, as one that a client shows (X509_V_…).
int verify_client(ssl::context& of, unsigned long flags) {
  auto* const context = of.native_handle();
  STACK_OF(X509)* chain = nullptr;
  SSL_CTX_get0_chain_certs(context, &chain);
  const std::unique_ptr<X509_STORE_CTX, decltype(&X509_STORE_CTX_free)> look{X509_STORE_CTX_new(),
                                                                             X509_STORE_CTX_free};
  if (look == nullptr
      || X509_STORE_CTX_init(look.get(), SSL_CTX_get_cert_store(context),
                             SSL_CTX_get0_certificate(context), chain)
             != 1
      || X509_STORE_CTX_set_purpose(look.get(), X509_PURPOSE_SSL_CLIENT) != 1)
    return X509_V_ERR_OUT_OF_MEM;
  X509_STORE_CTX_set_flags(look.get(), flags);
  return X509_verify_cert(look.get()) == 1 ? X509_V_OK : X509_STORE_CTX_get_error(look.get());
}

} // namespace

expected<std::unique_ptr<ssl::context>> make_tls(const http_tls& files) {
  auto made = std::make_unique<ssl::context>(ssl::context::tls_server);
  error_code error;
  made->set_options(ssl::context::default_workarounds | ssl::context::no_sslv2
                        | ssl::context::no_sslv3 | ssl::context::no_tlsv1
                        | ssl::context::no_tlsv1_1,
                    error);
  if (made->use_certificate_chain_file(files.certificate.string(), error); error)
    return tl::unexpected{unusable("certificate", files.certificate, error)};
  if (made->use_private_key_file(files.key.string(), ssl::context::pem, error); error)
    return tl::unexpected{unusable("private key", files.key, error)};
  if (files.client_ca.empty())
    return made;
  if (made->load_verify_file(files.client_ca.string(), error); error)
    return tl::unexpected{unusable("authorities of clients", files.client_ca, error)};
  made->set_verify_mode(ssl::verify_peer | ssl::verify_fail_if_no_peer_cert, error);
  // Without a name of its own a server that asks for certificates cannot resume sessions.
  SSL_CTX_set_session_cache_mode(made->native_handle(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(made->native_handle(), 0);
  return made;
}

expected<std::string> check_client(const http_tls& server, const std::filesystem::path& certificate,
                                   const std::filesystem::path& key) {
  const auto client = make_tls({certificate, key, server.client_ca});
  if (!client)
    return tl::unexpected{client.error()};
  const auto fault = verify_client(**client, 0);
  if (fault == X509_V_OK)
    return {};
  const auto timeless = verify_client(**client, X509_V_FLAG_NO_CHECK_TIME);
  const auto why = "the certificate " + certificate.string() + " is not let in by "
                   + server.client_ca.string() + ": "
                   + X509_verify_cert_error_string(timeless == X509_V_OK ? fault : timeless);
  if (timeless == X509_V_OK)
    return why;
  return fail(why);
}

} // namespace skein::cluster
