#include "cluster/child_process.hpp"
#include "cluster/smtp_client.hpp"
#include "tests/cluster/support.hpp"

#include <catch2/catch.hpp>
#include <mutex>
#include <nlohmann/json.hpp>

using namespace skein;
using namespace skein::cluster;
using skein::tests::eventually;

namespace {

constexpr auto hello = "Subject: hi\r\nMessage-ID: <1@skein>\r\n\r\nFirst.\r\n.\r\n..dots\r\nLast.";

std::unique_ptr<child_process> start(std::vector<std::string> argv,
                                     std::function<void(std::string_view)> on_line = {}) {
  spawn_options options;
  options.argv = std::move(argv);
  options.env = tests::plain_environment();
  options.on_stdout_line = std::move(on_line);
  auto child = child_process::spawn(std::move(options));
  if (!child)
    FAIL(child.error().what);
  return std::move(*child);
}

/// aiosmtpd in a process of its own; with TLS if it is given a certificate.
class sink {
public:
  explicit sink(std::vector<std::string> arguments = {}) {
    arguments.insert(arguments.begin(), {"/usr/bin/python3", SKEIN_TEST_SMTP_SINK});
    server_ = start(std::move(arguments), [this](std::string_view line) {
      const std::lock_guard lock{mutex_};
      said_.push_back(nlohmann::json::parse(line));
    });
    if (!eventually([&] { return said().size() == 1; }))
      FAIL("the mail server did not start");
  }

  std::string url() { return "smtp://localhost:" + std::to_string(said()[0].get<int>()); }

  /// All mails so far, once there are `count`.
  std::vector<nlohmann::json> mails(std::size_t count) {
    CHECK(eventually([&] { return said().size() > count; }));
    auto out = said();
    out.erase(out.begin());
    return out;
  }

private:
  std::vector<nlohmann::json> said() {
    const std::lock_guard lock{mutex_};
    return said_;
  }

  std::mutex mutex_;
  std::vector<nlohmann::json> said_;
  std::unique_ptr<child_process> server_;
};

/// A certificate for "localhost" that signs itself.
struct certificate {
  tests::temporary_folder folder;
  std::string file = folder / "cert.pem";
  std::string key = folder / "key.pem";

  certificate() {
    const auto made = start({"openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days",
                             "2", "-subj", "/CN=localhost", "-addext",
                             "subjectAltName=DNS:localhost", "-keyout", key, "-out", file})
                          ->wait();
    if (!made.success())
      FAIL(made.stderr_tail);
  }
};

smtp_failure failing(smtp_client& client, const std::string& to, const std::string& text = hello) {
  auto sent = client.send("skein@example.org", {to}, text);
  REQUIRE_FALSE(sent);
  return sent.error();
}

} // namespace

TEST_CASE("a mail arrives as it was written, and the connection is kept") {
  sink server;
  smtp_client client{{.url = server.url()}};
  for (int i = 0; i < 3; ++i)
    REQUIRE(client.send("skein@example.org", {"ann@example.org", "bob@example.org"}, hello));
  const auto mails = server.mails(3);
  CHECK(mails[0]["from"] == "skein@example.org");
  CHECK(mails[0]["to"] == nlohmann::json{"ann@example.org", "bob@example.org"});
  CHECK(mails[0]["data"] == std::string{hello} + "\r\n");
  CHECK(mails[0]["peer"] == mails[2]["peer"]);
}

TEST_CASE("refusals are permanent or transient by what the server says, and harm no later mail") {
  sink server;
  smtp_client client{{.url = server.url()}};
  const auto gone = failing(client, "nobody@example.org");
  CHECK(gone.fault == smtp_fault::permanent);
  CHECK_THAT(gone.what, Catch::Contains("550 5.1.1 no such user") && Catch::Contains(server.url()));
  const auto busy = failing(client, "busy@example.org");
  CHECK(busy.fault == smtp_fault::transient);
  CHECK_THAT(busy.what, Catch::Contains("451 4.2.0 mailbox busy"));
  const auto unwanted = failing(client, "ann@example.org", "Subject: x\r\n\r\nREFUSE-DATA\r\n");
  CHECK(unwanted.fault == smtp_fault::permanent);
  CHECK_THAT(unwanted.what, Catch::Contains("554"));
  CHECK_FALSE(client.send("skein@example.org", {"ann@example.org", "nobody@example.org"}, hello));
  REQUIRE(client.send("skein@example.org", {"ann@example.org"}, hello));
  CHECK(server.mails(1).size() == 1);
}

TEST_CASE("STARTTLS, checked against the given authority") {
  certificate cert;
  sink server{{cert.file, cert.key}};
  smtp_client client{{.url = server.url(), .ca_file = cert.file, .require_starttls = true}};
  REQUIRE(client.send("skein@example.org", {"ann@example.org"}, hello));
  CHECK(server.mails(1)[0]["tls"] == true);
  smtp_client distrustful{{.url = server.url(), .require_starttls = true}};
  const auto refused = failing(distrustful, "ann@example.org");
  CHECK(refused.fault == smtp_fault::transient);
  CHECK_THAT(refused.what, Catch::Contains("certificate"));
}

TEST_CASE("no mail goes over an open connection if STARTTLS is required") {
  sink server;
  smtp_client client{{.url = server.url(), .require_starttls = true}};
  const auto refused = failing(client, "ann@example.org");
  CHECK_THAT(refused.what, Catch::Contains("STARTTLS"));
  smtp_client lax{{.url = server.url()}};
  REQUIRE(lax.send("skein@example.org", {"bob@example.org"}, hello));
  CHECK(server.mails(1).size() == 1);
}

TEST_CASE("a server that wants a login") {
  certificate cert;
  sink server{{cert.file, cert.key, "skein", "pass word"}};
  const auto client = [&](const std::string& password) {
    return smtp_client{{.url = server.url(),
                        .user = "skein",
                        .password = password,
                        .ca_file = cert.file,
                        .require_starttls = true}};
  };
  auto right = client("pass word");
  REQUIRE(right.send("skein@example.org", {"ann@example.org"}, hello));
  auto wrong = client("secret guess");
  const auto refused = failing(wrong, "ann@example.org");
  CHECK(refused.fault == smtp_fault::permanent);
  CHECK_THAT(refused.what, Catch::Contains("535") && !Catch::Contains("guess"));
}

TEST_CASE("no mail server is a transient failure") {
  smtp_client client{{.url = "smtp://127.0.0.1:1"}};
  CHECK(failing(client, "ann@example.org").fault == smtp_fault::transient);
  smtp_client nonsense{{.url = "http://127.0.0.1:1"}};
  CHECK(failing(nonsense, "ann@example.org").fault == smtp_fault::permanent);
}

TEST_CASE("what is no mail address does not reach the server") {
  smtp_client client{{.url = "smtp://127.0.0.1:1"}};
  for (const auto* address : {"", "a b@example.org", "a@b>\r\nDATA", "<a@b>"}) {
    CHECK_THAT(failing(client, address).what, Catch::Contains("is not a mail address"));
    CHECK_FALSE(client.send(address, {"ann@example.org"}, hello));
  }
  CHECK_THAT(client.send("a@b", {}, hello).error().what, Catch::Contains("has no recipient"));
}
