#include "cluster/child_process.hpp"
#include "fixtures.hpp"
#include "program.hpp"
#include "tests/cluster/support.hpp"

#include <catch2/catch.hpp>
#include <mutex>

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

/// A real mail server; prints its port, then each mail, as JSON lines.
class mail_server {
public:
  mail_server() {
    skein::cluster::spawn_options options;
    options.argv = {"/usr/bin/python3", SKEIN_TEST_SMTP_SINK};
    options.env = skein::tests::plain_environment();
    options.on_stdout_line = [this](std::string_view line) {
      const std::lock_guard guard{mutex_};
      said_.push_back(json::parse(line));
    };
    auto started = skein::cluster::child_process::spawn(std::move(options));
    REQUIRE(started);
    server_ = std::move(*started);
    REQUIRE(skein::tests::eventually([&] { return !said().empty(); }));
  }

  std::string url() { return "smtp://127.0.0.1:" + std::to_string(said()[0].get<int>()); }

  std::vector<json> mails(std::size_t count) {
    CHECK(skein::tests::eventually([&] { return said().size() > count; }));
    auto all = said();
    all.erase(all.begin());
    return all;
  }

private:
  std::vector<json> said() {
    const std::lock_guard guard{mutex_};
    return said_;
  }

  std::mutex mutex_;
  std::vector<json> said_;
  std::unique_ptr<skein::cluster::child_process> server_;
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
  const auto mails = server.mails(2);
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
