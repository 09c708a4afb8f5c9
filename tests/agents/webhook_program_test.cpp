#include "fixtures.hpp"
#include "line_server.hpp"
#include "program.hpp"
#include "tests/cluster/certificates.hpp"

using namespace skein::agents::test;
using nlohmann::json;

namespace {

const std::string secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

json digest_for(const std::vector<std::string>& owners) {
  json notices = json::array();
  for (const auto& owner : owners)
    notices.push_back({{"migration", owner + "@v2"},
                       {"dataset", owner},
                       {"kind", "held"},
                       {"reason", "may it?"},
                       {"owner", owner},
                       {"current_version", "v1"},
                       {"target_version", "v2"}});
  return {{"digest", "scan/7"}, {"notices", notices}};
}

struct endpoint : line_server {
  explicit endpoint(const std::string& answers, std::vector<std::string> more = {})
      : line_server{joined({SKEIN_TEST_WEBHOOK_SINK, answers}, std::move(more))} {}

  std::string url(const std::string& scheme = "http") {
    return scheme + "://127.0.0.1:" + std::to_string(port()) + "/services/T0/topsecret";
  }

  static std::vector<std::string> joined(std::vector<std::string> all,
                                         std::vector<std::string> more) {
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
};

program_run send(const std::string& url, const std::vector<std::string>& owners,
                 std::map<std::string, std::string> env = {}) {
  env["SKEIN_WEBHOOK_URL"] = url;
  return run_program({{SKEIN_WEBHOOK_SENDER}, std::move(env), digest_for(owners).dump()});
}

} // namespace

TEST_CASE("each owner gets one signed message") {
  endpoint to{"200", {"--secret", secret}};
  const auto run = send(to.url(), {"film", "charts"}, {{"SKEIN_WEBHOOK_SECRET", secret}});
  CHECK(run.exit_code == 0);
  const auto got = to.given(2);
  REQUIRE(got.size() == 2);
  for (const auto& each : got)
    CHECK(each.at("signed") == true);
  CHECK(got[0].at("headers").at("webhook-id") != got[1].at("headers").at("webhook-id"));
  CHECK(got[0].at("body").at("text")
        == "Skein: charts needs you on its way to v2\n"
           "charts is held back on its way from v1 to v2.");
  CHECK(got[0].at("body").at("metadata").at("event_type") == "skein_digest");
  const auto& payload = got[1].at("body").at("metadata").at("event_payload");
  CHECK(payload.at("owner") == "film");
  CHECK(payload.at("notices").at(0).at("decision").at("question") == "may it?");
  CHECK(run.output.at("messages").at(0).at("to") == "charts");
  CHECK(run.output.at("results").at("film@v2").at("told") == json{"film"});
  // The URL and the secret are nobody else's business.
  CHECK(run.text.find("topsecret") == std::string::npos);
  CHECK(run.text.find("MfKQ") == std::string::npos);
  // A repeat has the same id, so that it can be dropped.
  send(to.url(), {"charts"});
  const auto again = to.given(3).at(2).at("headers");
  CHECK(again.at("webhook-id") == got[0].at("headers").at("webhook-id"));
  CHECK_FALSE(again.contains("webhook-signature"));
}

TEST_CASE("an endpoint that fails at first is tried again") {
  endpoint to{"500,429:0,200"};
  CHECK(send(to.url(), {"film"}).exit_code == 0);
  CHECK(to.given(3).size() == 3);
}

TEST_CASE("an endpoint that goes on failing, hangs or is not there asks for another try") {
  endpoint failing{"503"};
  auto run = send(failing.url(), {"film"}, {{"SKEIN_WEBHOOK_PATIENCE", "1"}});
  CHECK(run.exit_code == 75);
  CHECK(run.reason.find("503") != std::string::npos);
  endpoint busy{"429:600"};
  CHECK(send(busy.url(), {"film"}).exit_code == 75);
  endpoint hanging{"hang"};
  run = send(hanging.url(), {"film"},
             {{"SKEIN_WEBHOOK_TIMEOUT", "1"}, {"SKEIN_WEBHOOK_PATIENCE", "1"}});
  CHECK(run.exit_code == 75);
  CHECK(run.reason.find("topsecret") == std::string::npos);
  CHECK(send("http://127.0.0.1:1/topsecret", {"film"}, {{"SKEIN_WEBHOOK_PATIENCE", "1"}}).exit_code
        == 75);
}

TEST_CASE("what the endpoint refuses is named, and keeps nobody else from being told") {
  endpoint to{"410,200"};
  const auto run = send(to.url(), {"charts", "film"});
  CHECK(run.exit_code == 0);
  CHECK(run.output.at("rejected").at(0).at("to") == "charts");
  CHECK(run.output.at("rejected").at(0).at("why").get<std::string>().find("410: no_such_channel")
        != std::string::npos);
  CHECK(run.output.at("results").at("charts@v2").at("told").empty());
  CHECK(run.output.at("results").at("film@v2").at("told") == json{"film"});
}

TEST_CASE("an endpoint must show a certificate that is trusted") {
  temporary_folder folder;
  skein::tests::make_certificate(folder.path(), "server");
  skein::tests::make_certificate(folder.path(), "stranger");
  endpoint to{"200", {"--tls", folder / "server.pem", folder / "server.key"}};
  const auto with_ca = [&](const char* file) {
    return send(to.url("https"), {"film"},
                {{"SKEIN_WEBHOOK_CA_FILE", folder / file}, {"SKEIN_WEBHOOK_PATIENCE", "1"}});
  };
  CHECK(with_ca("server.pem").exit_code == 0);
  const auto refused = with_ca("stranger.pem");
  CHECK(refused.exit_code == 75);
  CHECK(refused.reason.find("topsecret") == std::string::npos);
  CHECK(to.given(1).size() == 1);
}

TEST_CASE("a webhook that cannot work fails for good") {
  CHECK(send("", {"film"}).reason.find("SKEIN_WEBHOOK_URL") != std::string::npos);
  CHECK(send("ftp://host", {"film"}).exit_code == 1);
  const auto run = send("http://127.0.0.1:1", {"film"}, {{"SKEIN_WEBHOOK_SECRET", "topsecret"}});
  CHECK(run.exit_code == 1);
  CHECK(run.reason.find("topsecret") == std::string::npos);
}
