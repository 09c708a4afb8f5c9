#include "tests/cluster/certificates.hpp"
#include "tests/cluster/nats_fixture.hpp"

using namespace skein;
using namespace skein::cluster;
using namespace std::chrono_literals;
using skein::tests::must;

namespace {

struct secure {
  tests::temporary_folder folder;

  secure() {
    for (const auto* name : {"server", "client", "stranger"})
      tests::make_certificate(folder.path(), name);
    tests::make_certificate(folder.path(), "elsewhere", "DNS:example.org");
  }

  std::filesystem::path file(const std::string& name) const { return folder.path() / name; }

  std::unique_ptr<embedded_nats> serve(const std::string& as, const std::string& clients = {}) {
    return must(embedded_nats::start(
        {.folder = folder.path() / ("nats-" + as),
         .tls = {file(as + ".pem"), file(as + ".key"),
                 clients.empty() ? std::filesystem::path{} : file(clients + ".pem")}}));
  }

  expected<std::unique_ptr<bus>> connect(const std::string& url, const std::string& trusting,
                                         const std::string& as = {}) const {
    bus_options to;
    to.url = url;
    to.identity.ca = file(trusting + ".pem");
    if (!as.empty()) {
      to.identity.certificate = file(as + ".pem");
      to.identity.key = file(as + ".key");
    }
    return bus::connect(std::move(to));
  }
};

} // namespace

TEST_CASE_METHOD(secure, "NATS over TLS: who trusts the server's certificate is let in") {
  const auto server = serve("server");
  CHECK_THAT(server->url(), Catch::StartsWith("tls://127.0.0.1:"));
  CHECK(must(connect(server->url(), "server"))->flush(10s));
}

TEST_CASE_METHOD(secure, "NATS over TLS: a server that cannot prove who it is gets nothing") {
  const auto server = serve("server");
  CHECK_FALSE(connect(server->url(), "stranger"));
  CHECK_FALSE(bus::connect({.url = server->url()}));
  const auto plain = "nats" + server->url().substr(3);
  CHECK_FALSE(bus::connect({.url = plain}));
  const auto other = serve("elsewhere");
  CHECK_FALSE(connect(other->url(), "elsewhere"));
}

TEST_CASE_METHOD(secure, "NATS over TLS: a server that wants certificates gets to see ours") {
  const auto server = serve("server", "client");
  CHECK(must(connect(server->url(), "server", "client"))->flush(10s));
  CHECK_FALSE(connect(server->url(), "server"));
  CHECK_FALSE(connect(server->url(), "server", "stranger"));
}

TEST_CASE_METHOD(secure, "a certificate that cannot be read is said by its name") {
  CHECK_THAT(connect("tls://127.0.0.1:1", "missing").error().what, Catch::Contains("missing.pem"));
}
