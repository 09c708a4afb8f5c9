#include "config/spelling.hpp"
#include "config/workspace.hpp"
#include "tests/config/support.hpp"

#include <catch2/catch.hpp>
#include <set>

using namespace skein;
using namespace skein::config;
using namespace skein::config::test;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;
using Catch::Matchers::Equals;
namespace fs = std::filesystem;

namespace {

const std::string settings = R"(workspace:
  name: films
  workflow: dataset-migration
paths: {data: /srv/data, state: var/state}
limits: {running: 8, per_owner: 4, per_storage: 3, intake: 100}
fleet: {slots: 2, lease_ttl: 20s, job: migration-agent}
metadata: {url: "https://metadata.internal"}
nats: {url: "nats://bus:4222"}
http: {listen: "[::1]:8080"}
notifications:
  from: skein@example.org
  outbox: mail
  digest_wait: 5m
  smtp: {url: "smtp://mail:587", user: skein, password_env: SKEIN_SMTP_PASSWORD, starttls: false}
audit: {key: /run/secrets/audit.pem, heads_file: far/heads, head_every: 20s}
breakers: {window: 50, failure_percent: 60, open_for: 1m, longest: 10m}
)";

struct workspace_folder {
  temporary_folder root;

  workspace_folder() {
    root.write("skein.yaml", settings);
    root.write("agents/scanner.yaml", read_file(SEED_FOLDER "/agent_discovery.yaml"));
    root.write("agents/more/rest.yml", "name: dependency-checker\ncommand: check\n---\n"
                                       "name: email-sender\ncommand: mail\nchannel: email\n---\n"
                                       "name: migration-agent\ncommand: migrate\n");
    root.write("workflows/seed.yaml", read_file(SEED_FOLDER "/workflow.yaml"));
    for (const char* name : {"catalog", "contracts", "mappings"})
      fs::create_directory(root.path() / name);
  }

  void change(const std::string& file, const std::string& part, const std::string& instead) const {
    root.write(file, with(read_file(root.path() / file), part, instead));
  }

  std::string without_root(std::string text) const {
    auto prefix = root.path().string() + "/";
    for (auto i = text.find(prefix); i != std::string::npos; i = text.find(prefix))
      text.erase(i, prefix.size());
    return text;
  }

  std::string mistakes() const { return without_root(lines(load_workspace(root.path()))); }
  std::string checked() const { return without_root(lines(check(root.path()))); }

  std::set<std::string> entries() const {
    std::set<std::string> all;
    for (const auto& x : fs::recursive_directory_iterator{root.path()})
      all.insert(x.path().string());
    return all;
  }
};

} // namespace

TEST_CASE("a workspace is loaded, and nothing is written") {
  workspace_folder folder;
  auto before = folder.entries();
  auto x = load_workspace(folder.root.path());
  REQUIRE(lines(x) == "");
  CHECK(folder.entries() == before);
  CHECK(x->name == "films");
  CHECK(x->root == folder.root.path());
  CHECK(x->workflow == "dataset-migration");
  CHECK(x->data == "/srv/data");
  CHECK(x->state == folder.root.path() / "var/state");
  CHECK(x->catalog.contracts == folder.root.path() / "contracts");
  CHECK(x->limits.running == 8);
  CHECK(x->limits.per_owner == 4);
  CHECK(x->limits.per_storage == 3);
  CHECK((x->breakers.window == 50 && x->breakers.failure_percent == 60));
  CHECK(x->breakers.open_for == 1min);
  CHECK(x->breakers.longest == 10min);
  CHECK(x->limits.intake == 100);
  CHECK(x->fleet.slots == 2);
  CHECK(x->fleet.lease_ttl == 20s);
  CHECK(x->metadata_url == "https://metadata.internal");
  CHECK(x->nats.url == "nats://bus:4222");
  CHECK(x->http.address == "::1");
  CHECK(x->http.port == 8080);
  CHECK(x->notifications.from == "skein@example.org");
  CHECK(x->notifications.outbox == folder.root.path() / "mail");
  CHECK(x->notifications.digest_wait == 5min);
  CHECK(x->notifications.smtp.password_env == "SKEIN_SMTP_PASSWORD");
  CHECK_FALSE(x->notifications.smtp.starttls);
  CHECK(x->audit.key == "/run/secrets/audit.pem");
  CHECK(x->audit.heads_file == folder.root.path() / "far/heads");
  CHECK(x->audit.head_every == 20s);
  CHECK(x->agents.size() == 4);
  CHECK(x->workflows.at("dataset-migration").steps.size() == 4);
  REQUIRE(x->warnings.size() == 2);
  CHECK_THAT(x->warnings[0], Contains("in the clear"));
  CHECK_THAT(x->warnings[1], Contains("moving tag"));
}

TEST_CASE("the HTTP interface is told where it is, whom to let in, and by what certificate") {
  workspace_folder folder;
  folder.root.write("skein.yaml", "workspace: {name: a}\n"
                                  "http: {listen: \"0.0.0.0:8443\", url: \"https://skein:8443\",\n"
                                  "       tokens: /etc/skein/tokens, requests_per_second: 0,\n"
                                  "       tls: {certificate: tls/c.pem, key: tls/k.pem,\n"
                                  "             client_ca: tls/clients.pem}}\n");
  const auto x = load_workspace(folder.root.path());
  REQUIRE(lines(x) == "");
  const auto below = folder.root.path() / "tls";
  CHECK(x->http.address == "0.0.0.0");
  CHECK(x->http.url == "https://skein:8443");
  CHECK(x->http.tokens == "/etc/skein/tokens");
  CHECK(x->http.requests_per_second == 0);
  CHECK(x->http.certificate == below / "c.pem");
  CHECK(x->http.key == below / "k.pem");
  CHECK(x->http.client_ca == below / "clients.pem");
  CHECK(x->http.ca == below / "c.pem");
  folder.root.write("skein.yaml", "workspace: {name: a}\nhttp: {tls: {certificate: c.pem}}\n");
  CHECK_THAT(lines(load_workspace(folder.root.path())), Contains("\"key\""));
  const auto with_tls = [&](const std::string& more) {
    folder.root.write("skein.yaml", "workspace: {name: a}\nhttp:\n"
                                    "  tls: {certificate: c.pem, key: k.pem"
                                        + more + "}\n");
    return load_workspace(folder.root.path());
  };
  const auto own = with_tls(", client_ca: a.pem, own_certificate: own.pem, own_key: own.key");
  REQUIRE(lines(own) == "");
  CHECK(own->http.own_certificate == folder.root.path() / "own.pem");
  CHECK(own->http.own_key == folder.root.path() / "own.key");
  CHECK_THAT(lines(with_tls(", client_ca: a.pem, own_certificate: own.pem")),
             Contains("skein.yaml:3:") && Contains("go together"));
  CHECK_THAT(lines(with_tls(", own_certificate: own.pem, own_key: own.key")),
             Contains("without a \"client_ca\""));
  folder.root.write("skein.yaml", "workspace: {name: a}\nhttp: {tsl: {}}\n");
  CHECK_THAT(lines(load_workspace(folder.root.path())), Contains("did you mean \"tls\"?"));
}

TEST_CASE("the shortest workspace has every default") {
  workspace_folder folder;
  folder.root.write("skein.yaml", "workspace: {name: a}\n");
  auto x = load_workspace(folder.root.path());
  REQUIRE(lines(x) == "");
  CHECK(x->workflow == "dataset-migration");
  CHECK(x->data == folder.root.path() / "data");
  CHECK(x->state == folder.root.path() / ".skein");
  CHECK(x->limits.running == 0);
  CHECK(x->limits.intake == 256);
  CHECK(x->fleet.lease_ttl == 15s);
  CHECK(x->metadata_url == "");
  CHECK(x->nats.url == "");
  CHECK(x->http.address == "127.0.0.1");
  CHECK(x->http.port == 0);
  CHECK(x->http.tokens == folder.root.path() / ".skein/tokens.json");
  CHECK(x->http.requests_per_second == 1000);
  CHECK(x->http.certificate == "");
  CHECK(x->notifications.smtp.url == "");
  CHECK(x->notifications.digest_wait == 10min);
  CHECK(x->notifications.smtp.starttls);
  CHECK(x->audit.key == folder.root.path() / ".skein/audit/key.pem");
  CHECK(x->audit.heads_file == folder.root.path() / ".skein/audit/heads");
  CHECK(x->audit.head_every == 5s);
}

TEST_CASE("a bus is somebody else's, or the daemon's own with an address to listen on") {
  workspace_folder folder;
  const std::string usual = "nats: {url: \"nats://bus:4222\"}";
  CHECK_FALSE(load_workspace(folder.root.path())->nats.is_embedded());
  SECTION("another server that wants to know who we are") {
    folder.change("skein.yaml", usual,
                  "nats:\n  url: tls://bus:4222\n  user: skein\n  password_env: BUS_PASSWORD\n"
                  "  tls: {ca: ca.pem, certificate: us.pem, key: /run/us.key}\n"
                  "  agents: {credentials: agents.creds}\n");
    const auto x = load_workspace(folder.root.path());
    REQUIRE(lines(x) == "");
    CHECK(x->nats.login.user == "skein");
    CHECK(x->nats.login.password_env == "BUS_PASSWORD");
    CHECK(x->nats.agents.credentials == folder.root.path() / "agents.creds");
    CHECK(x->nats.ca == folder.root.path() / "ca.pem");
    CHECK(x->nats.certificate == folder.root.path() / "us.pem");
    CHECK(x->nats.key == "/run/us.key");
    CHECK_FALSE(x->nats.is_embedded());
  }
  SECTION("a server of the daemon's that others reach by another name") {
    folder.change("skein.yaml", usual,
                  "nats:\n  listen: 0.0.0.0:4222\n  url: tls://bus.internal:4222\n"
                  "  tls: {certificate: bus.pem, key: bus.key}\n");
    const auto x = load_workspace(folder.root.path());
    REQUIRE(lines(x) == "");
    CHECK(x->nats.is_embedded());
    CHECK(x->nats.address == "0.0.0.0");
    CHECK(x->nats.port == 4222);
    CHECK(x->nats.ca == folder.root.path() / "bus.pem");
    CHECK_THAT(listed(x->warnings), !Contains("passwords and leases"));
  }
  SECTION("passwords in the clear are worth a warning") {
    folder.change("skein.yaml", usual, "nats: {listen: \"0.0.0.0:4222\"}");
    const auto x = load_workspace(folder.root.path());
    REQUIRE(lines(x) == "");
    CHECK_THAT(listed(x->warnings), Contains("passwords and leases go over the network"));
  }
}

TEST_CASE("fleet-manager stands for the fleet's job, unless an agent has that name") {
  workspace_folder folder;
  auto x = load_workspace(folder.root.path());
  REQUIRE(lines(x) == "");
  CHECK(x->agent_for("fleet-manager")->name == "migration-agent");
  CHECK(x->agent_for("email-sender")->channel == "email");
  CHECK(x->agent_for("nobody") == nullptr);
  folder.root.write("agents/own.yaml", "name: fleet-manager\ncommand: own\n");
  CHECK(load_workspace(folder.root.path())->agent_for("fleet-manager")->name == "fleet-manager");
}

TEST_CASE("what is wrong with skein.yaml is said with its place") {
  auto [part, instead, message] = GENERATE(table<std::string, std::string, std::string>({
      {"workflow: dataset-migration", "workflow: dataset-migraton",
       "skein.yaml:3:13: there is no workflow \"dataset-migraton\"; did you mean"},
      {"name: films", "name: a/b", "skein.yaml:2:9: \"a/b\" cannot be a name"},
      {"limits:", "limit:",
       "skein.yaml:5:1: the workspace file has no field \"limit\"; did you mean"},
      {"running: 8", "runing: 8", "\"limits\" has no field \"runing\"; did you mean \"running\"?"},
      {"running: 8", "running: many", "must be a whole number"},
      {"intake: 100", "intake: 0", "from 1 to"},
      {"lease_ttl: 20s", "lease_ttl: 0", "a lease needs some time"},
      {"job: migration-agent", "job: migrator",
       "skein.yaml:6:40: the fleet's job is not there: \"migrator\"; known are dataset-scanner, "
       "dependency-checker, email-sender and migration-agent"},
      {"https://metadata.internal", "metadata.internal",
       "skein.yaml:7:17: the URL \"metadata.internal\" must be of the form http://host:port and"},
      {"nats://bus:4222", "http://bus", "must be of the form nats://host:port and tls://host:port"},
      {"{url: \"nats://bus:4222\"}", "{user: ann}", "needs a value for \"url\""},
      {"{url: \"nats://bus:4222\"}", "{url: \"nats://b:1\", user: ann}",
       "\"user\" and \"password_env\" go together"},
      {"{url: \"nats://bus:4222\"}", "{listen: \"127.0.0.1:0\", credentials: a.creds}",
       "the embedded server makes its own users"},
      {"{url: \"nats://bus:4222\"}", "{listen: \"bus\"}", "\"bus\" is no address to listen on"},
      {"{url: \"nats://bus:4222\"}", "{listen: \"127.0.0.1:0\", tls: {ca: a.pem}}",
       "a server that speaks TLS needs a \"certificate\" and its \"key\""},
      {"{url: \"nats://bus:4222\"}", "{url: \"tls://b:1\", tls: {certificate: a.pem}}",
       "\"certificate\" and \"key\" go together"},
      {"{url: \"nats://bus:4222\"}", "{url: \"tls://b:1\", tls: {client_ca: a.pem}}",
       "\"client_ca\" is for the embedded server"},
      {"[::1]:8080", "8080", "skein.yaml:9:16: \"8080\" is no address to listen on"},
      {"[::1]:8080", "::1:8080", "is no address to listen on"},
      {"[::1]:8080", "localhost:99999", "is no address to listen on"},
      {"from: skein@example.org", "from: skein", "\"skein\" is not a mail address"},
      {"digest_wait: 5m", "digest_wait: later", "\"later\" is not a duration"},
      {"smtp://mail:587", "mail:587", "must be of the form smtp://host:port and smtps://host:port"},
      {"SKEIN_SMTP_PASSWORD", "\"pass word\"", "the password itself must not stand in this file"},
      {"user: skein, ", "", "\"user\" and \"password_env\" go together"},
      {"failure_percent: 60", "failure_percent: 101", "no more than 100 can fail"},
      {"failure_percent: 60", "failure_percent: 0", "from 1 to"},
      {"open_for: 1m", "open_for: 0", "a breaker stays open for some time"},
      {"longest: 10m", "longest: 10s", "cannot be shorter than \"open_for\""},
      {"head_every: 20s", "head_every: 0", "heads need some time in between"},
      {"heads_file: far/heads", "heads_file: /run/secrets/audit.pem",
       "the heads cannot be appended to the file of the key"},
      {"heads_file:", "head_file:", "\"audit\" has no field \"head_file\"; did you mean"},
      {"paths: {data: /srv/data", "paths: {agents: nowhere",
       "nowhere: the folder of agents cannot be read"},
      {"workspace:\n  name: films\n  workflow: dataset-migration\n", "",
       "skein.yaml:1:1: the file needs a map of fields under \"workspace\""},
      {"workspace:", "workspace: [", "is not well-formed YAML"},
  }));
  CAPTURE(part, instead);
  workspace_folder folder;
  folder.change("skein.yaml", part, instead);
  CHECK_THAT(folder.mistakes(), Contains(message));
}

TEST_CASE("agents and workflows are checked against each other") {
  workspace_folder folder;
  SECTION("an agent that is not there") {
    folder.change("workflows/seed.yaml", "agent: email-sender", "agent: email-sendr");
    CHECK(folder.mistakes()
          == "workflows/seed.yaml:13:14: the step \"notify-consumers\" names an agent that is not "
             "there: \"email-sendr\"; did you mean \"email-sender\"?; known are dataset-scanner, "
             "dependency-checker, email-sender and migration-agent");
  }
  SECTION("a fleet without its job") {
    folder.change("agents/more/rest.yml", "name: migration-agent", "name: migrator");
    folder.change("skein.yaml", ", job: migration-agent", "");
    CHECK_THAT(folder.mistakes(),
               Contains("workflows/seed.yaml:10:14: the step \"execute-migration\" is for the "
                        "fleet, whose job is not there: \"migration-agent\""));
  }
  SECTION("an agent twice") {
    folder.root.write("agents/z.yaml", "name: email-sender\ncommand: x\n");
    CHECK(folder.mistakes()
          == "agents/z.yaml:1:1: the agent \"email-sender\" is there already, at "
             "agents/more/rest.yml:4:1; rename or remove one of them");
  }
  SECTION("a workflow twice") {
    folder.root.write("workflows/z.yaml", read_file(SEED_FOLDER "/workflow.yaml"));
    CHECK(folder.mistakes()
          == "workflows/z.yaml:2:9: the workflow \"dataset-migration\" is there already, at "
             "workflows/seed.yaml:2:9; rename or remove one of them");
  }
  SECTION("several workflows and no choice") {
    folder.root.write("workflows/z.yaml",
                      "workflow: {name: z, steps: [{name: a, agent: email-sender}]}");
    folder.change("skein.yaml", "  workflow: dataset-migration\n", "");
    CHECK_THAT(folder.mistakes(), Contains("skein.yaml: there are several workflows "
                                           "(dataset-migration and z)"));
  }
  SECTION("no workflow at all") {
    fs::remove(folder.root.path() / "workflows/seed.yaml");
    CHECK_THAT(folder.mistakes(), Contains("workflows: there is no workflow in this folder"));
  }
}

TEST_CASE("a broken agent file does not make its agents unknown") {
  workspace_folder folder;
  folder.change("agents/more/rest.yml", "channel: email", "channel: [");
  CHECK_THAT(folder.mistakes(), !Contains("is not there"));
  CHECK_THAT(folder.mistakes(), Contains("agents/more/rest.yml:"));
}

TEST_CASE("mistakes of all files of a workspace come together") {
  workspace_folder folder;
  folder.change("skein.yaml", "running: 8", "runing: 8");
  folder.change("agents/more/rest.yml", "command: check", "comand: check");
  folder.change("workflows/seed.yaml", "depends_on: discover", "depends_on: discovr");
  folder.change("workflows/seed.yaml", "agent: email-sender", "agent: nobody");
  auto said = folder.mistakes();
  CHECK_THAT(said, Contains("skein.yaml:5:10: ") && Contains("agents/more/rest.yml:2:1: ")
                       && Contains("workflows/seed.yaml:6:7: ")
                       && Contains("workflows/seed.yaml:13:14: "));
}

TEST_CASE("a folder that is no workspace") {
  temporary_folder folder;
  CHECK_THAT(lines(load_workspace(folder.path())), Contains("skein.yaml: a workspace is a folder"));
  CHECK_THAT(lines(load_workspace(folder.path() / "absent")), Contains("skein.yaml"));
  folder.write("skein.yaml", "");
  CHECK_THAT(lines(load_workspace(folder.path())), Contains("but it holds 0"));
}

TEST_CASE("a check covers a whole workspace, with its catalog") {
  workspace_folder folder;
  CHECK(folder.checked() == "");
  folder.change("skein.yaml", "running: 8", "runing: 8");
  folder.root.write("catalog/x.yaml", "apiVersion: backstage.io/v1alpha1\nkind: Grup\n"
                                      "metadata: {name: x}\n");
  folder.root.write("mappings/m.yaml", "maping: {}\n");
  CHECK_THAT(folder.checked(), Contains("skein.yaml:5:10: ") && Contains("catalog/x.yaml:2:7: ")
                                   && Contains("mappings/m.yaml:1:1: "));
}

TEST_CASE("a check tells documents by what they are") {
  temporary_folder folder;
  auto mixed = folder.write("mixed.yaml", "name: a\ncomand: b\n---\nworkflow: {nam: x}\n---\n"
                                          "mapping: {dataset: x}\n---\nkind: DataContract\n---\n"
                                          "apiVersion: backstage.io/v1alpha1\n---\n"
                                          "workspace: {nme: x}\n---\nother: 1\n---\n[1]\n");
  auto said = lines(check(mixed));
  for (const char* part :
       {"mixed.yaml:2:1: the agent has no field", ":4:12: the workflow has no field",
        ":6:10: the mapping needs a value for \"from\"", ":8:1: the contract needs a value",
        ":10:1: the entity needs", ":12:13: \"workspace\" has no field",
        ":14:1: this is none of Skein's documents", ":16:1: this is none of Skein's documents"})
    CHECK_THAT(said, Contains(part));
}

TEST_CASE("a check of a folder looks into workspaces below it, and not into hidden files") {
  workspace_folder inner;
  temporary_folder folder;
  fs::copy(inner.root.path(), folder.path() / "films", fs::copy_options::recursive);
  folder.write(".hidden/x.yaml", "nothing: true\n");
  folder.write("readme.txt", "nothing\n");
  CHECK(lines(check(folder.path())) == "");
  folder.write("films/skein.yaml", "workspace: {}\n");
  CHECK_THAT(lines(check(folder.path())), Contains("films/skein.yaml:1:12: "));
  CHECK_THAT(lines(check(folder.path() / "absent")), Contains("there is no such file or folder"));
}

TEST_CASE("a check that finds nothing to look at does not say that all is well") {
  temporary_folder folder;
  folder.write(".hidden/x.yaml", "nothing: true\n");
  folder.write("below/readme.txt", "nothing\n");
  CHECK_THAT(lines(check(folder.path())), Contains("there is nothing to check here"));
  folder.write("below/w.yaml", "name: a\ncommand: b\n");
  CHECK(lines(check(folder.path())) == "");
  CHECK_THAT(lines(check_workspace(folder.path())),
             Contains("skein.yaml: a workspace is a folder with a readable skein.yaml"));
}
