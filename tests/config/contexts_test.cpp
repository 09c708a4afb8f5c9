#include "config/contexts.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>

using namespace skein;
using namespace skein::config;
using namespace skein::config::test;
using Catch::Contains;

namespace {

checked<contexts> read(const std::string& text) {
  const temporary_folder folder;
  return read_contexts(folder.write("contexts.yaml", text));
}

std::string refused(const std::string& text) {
  const auto got = read(text);
  REQUIRE_FALSE(got);
  return joined(got.error()).what;
}

} // namespace

TEST_CASE("contexts are read by name, and a file that is not there has none") {
  const temporary_folder folder;
  CHECK(read_contexts(folder.path() / "nothing").value().all.empty());
  const auto got = read(R"(
current: films
contexts:
  films: {url: "https://skein.internal:8443", token_env: FILMS, ca: /ca.pem, nats: "nats://bus"}
  try: {workspace: /home/ann/try}
)");
  REQUIRE(got);
  CHECK(got->current == "films");
  CHECK(got->all.at("films")
        == context{.url = "https://skein.internal:8443",
                   .token_env = "FILMS",
                   .ca = "/ca.pem",
                   .nats = "nats://bus"});
  CHECK(got->all.at("try").workspace == "/home/ann/try");
}

TEST_CASE("what makes no sense in a context is named") {
  CHECK_THAT(refused("current: films\ncontexts: {}\n"), Contains("there is no context films"));
  CHECK_THAT(refused("contexts: {a: {}}"), Contains("url"));
  CHECK_THAT(refused("contexts: {a: {url: 'ftp://x'}}"), Contains("no URL"));
  CHECK_THAT(refused("contexts: {a: {url: 'http://x', workspace: /w}}"), Contains("nothing else"));
  CHECK_THAT(refused("contexts: {a: {url: 'http://x', token_env: A, token_file: /f}}"),
             Contains("leave out one"));
  CHECK_THAT(refused("contexts: {a: {url: 'http://x', key: /f}}"), Contains("certificate"));
  CHECK_THAT(refused("contexts: {a: {url: 'http://x', token: secret}}"), Contains("token"));
}
