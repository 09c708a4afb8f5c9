#include "fixtures.hpp"
#include "line_server.hpp"
#include "program.hpp"

using namespace skein::agents::test;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

std::string digest_for(const std::vector<std::string>& addresses) {
  json notices = json::array();
  for (const auto& address : addresses)
    notices.push_back({{"migration", address + "@v2"},
                       {"dataset", "films"},
                       {"kind", "held"},
                       {"reason", "waits"},
                       {"current_version", "v1"},
                       {"target_version", "v2"},
                       {"inputs", {{"discover", {{"owner_email", address}}}}}});
  return json{{"digest", "scan/7"}, {"notices", notices}}.dump();
}

program_run send(std::map<std::string, std::string> env, const std::string& input) {
  env["SKEIN_MAIL_FROM"] = "skein@example.org";
  return run_program({{SKEIN_EMAIL_SENDER}, std::move(env), input});
}

/// A real mail server.
struct mail_server : line_server {
  mail_server() : line_server{{SKEIN_TEST_SMTP_SINK}} {}

  std::string url() { return "smtp://127.0.0.1:" + std::to_string(port()); }
};

} // namespace

TEST_CASE("without a mail server mails go to the outbox, a repeat to the same files") {
  temporary_folder root;
  const auto outbox = root.path() / "outbox";
  const auto run = send({{"SKEIN_OUTBOX", outbox.string()}}, digest_for({"a@x.org", "b@x.org"}));
  CHECK(run.exit_code == 0);
  CHECK(run.output.at("mails").size() == 2);
  const auto file = outbox / "scan%2F7-a@x.org.eml";
  CHECK(run.output.at("mails").at(0).at("file") == file.string());
  CHECK(get(file).find("To: a@x.org\r\n") != std::string::npos);
  send({{"SKEIN_OUTBOX", outbox.string()}}, digest_for({"a@x.org", "b@x.org"}));
  CHECK(std::distance(fs::directory_iterator{outbox}, fs::directory_iterator{}) == 2);
}

TEST_CASE("with a mail server mails go there, and a refused recipient keeps nobody else back") {
  mail_server server;
  const auto run = send({{"SKEIN_SMTP_URL", server.url()}, {"SKEIN_SMTP_STARTTLS", "0"}},
                        digest_for({"a@x.org", "nobody@x.org", "z@x.org"}));
  CHECK(run.exit_code == 0);
  const auto mails = server.given(2);
  REQUIRE(mails.size() == 2);
  CHECK(mails[0].at("to") == json{"a@x.org"});
  CHECK(mails[1].at("to") == json{"z@x.org"});
  CHECK(mails[0].at("from") == "skein@example.org");
  CHECK(run.output.at("rejected").at(0).at("to") == "nobody@x.org");
  CHECK(run.output.at("results").at("z@x.org@v2").at("told") == json{"z@x.org"});
}

TEST_CASE("what may work later asks for another try") {
  mail_server server;
  const auto busy = send({{"SKEIN_SMTP_URL", server.url()}, {"SKEIN_SMTP_STARTTLS", "0"}},
                         digest_for({"busy@x.org"}));
  CHECK(busy.exit_code == 75);
  CHECK(!busy.reason.empty());
  CHECK(send({{"SKEIN_SMTP_URL", "smtp://127.0.0.1:1"}}, digest_for({"a@x.org"})).exit_code == 75);
}

TEST_CASE("no encryption where it is asked for means no mail") {
  mail_server server;
  const auto run = send({{"SKEIN_SMTP_URL", server.url()}}, digest_for({"a@x.org"}));
  CHECK((run.exit_code != 0 || run.output.contains("rejected")));
}

TEST_CASE("nowhere to send to, or no digest, fails for good") {
  const auto nowhere = send({}, digest_for({"a@x.org"}));
  CHECK(nowhere.exit_code == 1);
  CHECK(nowhere.reason.find("SKEIN_OUTBOX") != std::string::npos);
  temporary_folder root;
  CHECK(send({{"SKEIN_OUTBOX", root.path().string()}}, "[]").exit_code == 1);
  CHECK(send({{"SKEIN_OUTBOX", root.path().string()}}, "{\"notices\": []}").exit_code == 1);
}
