#include "cluster/http_server.hpp"
#include "tests/cluster/certificates.hpp"
#include "tests/cluster/support.hpp"

#include <catch2/catch.hpp>
#include <curl/curl.h>
#include <memory>

using namespace skein;
using namespace skein::cluster;
using skein::tests::temporary_folder;

namespace {

std::size_t append(char* data, std::size_t size, std::size_t count, void* to) {
  static_cast<std::string*>(to)->append(data, size * count);
  return size * count;
}

struct fixture {
  temporary_folder folder;

  fixture() {
    for (const auto* name : {"server", "client", "stranger"})
      tests::make_certificate(folder.path(), name);
  }

  std::filesystem::path file(const std::string& name) const { return folder.path() / name; }

  std::unique_ptr<http_server> serve(const http_tls& tls) const {
    auto made = http_server::listen({.tls = tls}, [](const http_request& request, const auto& to) {
      to({.content_type = "text/plain", .body = request.path + " for " + request.remote});
    });
    if (!made)
      FAIL(made.error().what);
    return std::move(*made);
  }

  /// The body, or what curl says went wrong. `as`: whose certificate the client shows.
  std::string get(const http_server& server, const std::string& as = {}, long version = 0) const {
    const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> call{curl_easy_init(),
                                                                   curl_easy_cleanup};
    std::string body;
    const auto url = "https://127.0.0.1:" + std::to_string(server.port()) + "/hello";
    curl_easy_setopt(call.get(), CURLOPT_URL, url.c_str());
    curl_easy_setopt(call.get(), CURLOPT_CAINFO, file("server.pem").c_str());
    curl_easy_setopt(call.get(), CURLOPT_TIMEOUT, 30L);
    curl_easy_setopt(call.get(), CURLOPT_SSLVERSION, version);
    curl_easy_setopt(call.get(), CURLOPT_WRITEFUNCTION, append);
    curl_easy_setopt(call.get(), CURLOPT_WRITEDATA, &body);
    if (!as.empty()) {
      curl_easy_setopt(call.get(), CURLOPT_SSLCERT, file(as + ".pem").c_str());
      curl_easy_setopt(call.get(), CURLOPT_SSLKEY, file(as + ".key").c_str());
    }
    const auto done = curl_easy_perform(call.get());
    return done == CURLE_OK ? body : std::string{"curl: "} + curl_easy_strerror(done);
  }
};

} // namespace

TEST_CASE_METHOD(fixture, "TLS: a client that knows the certificate is answered") {
  const auto server = serve({file("server.pem"), file("server.key"), {}});
  CHECK(get(*server) == "/hello for 127.0.0.1");
  CHECK(get(*server, "", CURL_SSLVERSION_TLSv1_3) == "/hello for 127.0.0.1");
}

TEST_CASE_METHOD(fixture, "TLS: what speaks plain text or an old version gets nothing") {
  const auto server = serve({file("server.pem"), file("server.key"), {}});
  CHECK_THAT(get(*server, "", CURL_SSLVERSION_TLSv1_1 | CURL_SSLVERSION_MAX_TLSv1_1),
             Catch::StartsWith("curl: "));
  CHECK(get(*server) == "/hello for 127.0.0.1");
}

TEST_CASE_METHOD(fixture, "mutual TLS: whether a client would be let in is known beforehand") {
  const http_tls tls{file("server.pem"), file("server.key"), file("client.pem")};
  CHECK(check_client(tls, file("client.pem"), file("client.key")) == "");
  const auto why_not = [&](const char* certificate, const char* key) {
    const auto fits = check_client(tls, file(certificate), file(key));
    return fits ? "it fits" : fits.error().what;
  };
  CHECK_THAT(why_not("stranger.pem", "stranger.key"),
             Catch::Contains("stranger.pem is not let in by") && Catch::Contains("client.pem: "));
  CHECK_THAT(why_not("client.pem", "stranger.key"), Catch::Contains("the private key"));
  CHECK_THAT(why_not("nobody.pem", "client.key"), Catch::Contains("nobody.pem"));
}

TEST_CASE_METHOD(fixture, "mutual TLS: of a client whose time alone is wrong it is said") {
  using std::chrono::hours;
  tests::make_certificate(folder.path(), "old", "IP:127.0.0.1", hours{-3}, hours{-1});
  tests::make_certificate(folder.path(), "early", "IP:127.0.0.1", hours{1}, hours{3});
  for (const auto& [name, why] : {std::pair{"old", "has expired"}, {"early", "not yet valid"}}) {
    const std::string who{name};
    const auto outdated = check_client({file("server.pem"), file("server.key"), file(who + ".pem")},
                                       file(who + ".pem"), file(who + ".key"));
    REQUIRE(outdated);
    CHECK_THAT(*outdated, Catch::Contains(who + ".pem is not let in by") && Catch::Contains(why));
    const auto unknown = check_client({file("server.pem"), file("server.key"), file("client.pem")},
                                      file(who + ".pem"), file(who + ".key"));
    REQUIRE(!unknown);
    CHECK_THAT(unknown.error().what, !Catch::Contains(why));
  }
}

TEST_CASE_METHOD(fixture, "mutual TLS: only whom the authorities vouch for is answered") {
  const auto server = serve({file("server.pem"), file("server.key"), file("client.pem")});
  CHECK(get(*server, "client") == "/hello for 127.0.0.1");
  CHECK_THAT(get(*server, "stranger"), Catch::StartsWith("curl: "));
  CHECK_THAT(get(*server), Catch::StartsWith("curl: "));
}

TEST_CASE_METHOD(fixture, "TLS files that cannot be used are named") {
  const auto why = [](const http_tls& tls) {
    const auto made = http_server::listen({.tls = tls}, [](const auto&, const auto&) {});
    return made ? std::string{"it listens"} : made.error().what;
  };
  CHECK_THAT(why({file("none.pem"), file("server.key"), {}}), Catch::Contains("none.pem"));
  CHECK_THAT(why({file("server.pem"), file("none.key"), {}}), Catch::Contains("none.key"));
  CHECK_THAT(why({file("server.pem"), file("client.key"), {}}),
             Catch::Contains("client.key") && Catch::Contains("mismatch"));
  CHECK_THAT(why({file("server.pem"), file("server.key"), file("none.pem")}),
             Catch::Contains("none.pem"));
}
