#include "agents/mail.hpp"

#include "agents/send_digest.hpp"
#include "fixtures.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <nlohmann/json.hpp>

using namespace skein::agents;
using namespace skein::agents::test;
using nlohmann::json;

namespace {

const std::filesystem::path golden = SKEIN_TEST_GOLDEN;

digest golden_digest() {
  auto all = parse_digest(json::parse(get(golden / "digest.json")));
  if (!all)
    FAIL(all.error().what);
  return *all;
}

/// Compares with a file; with REWRITE=1 in the environment writes it instead. Commit only changes
/// that you understand.
void check_golden(const std::string& name, const std::string& text) {
  if (std::getenv("REWRITE"))
    put(golden / name, text);
  CAPTURE(name);
  CHECK(text == get(golden / name));
}

const letter& to(const letters& batch, const std::string& address) {
  for (const auto& x : batch.all)
    if (x.to == address)
      return x;
  FAIL("no mail to " << address);
  return batch.all.front();
}

json step_input() {
  auto input = json::parse(get(golden / "digest.json")).at("notices").at(0);
  input.erase("kind");
  return input;
}

} // namespace

TEST_CASE("every owner gets one mail about everything that is theirs") {
  const auto all = golden_digest();
  const auto batch = letters_by_address(all);
  REQUIRE(batch.all.size() == 2);
  const auto& film = to(batch, "film@example.org");
  REQUIRE(film.sections.size() == 2);
  CHECK(film.sections[0].owns_dataset);
  CHECK(film.sections[0].consumers.size() == 1);
  const auto& charts = to(batch, "charts@example.org");
  REQUIRE(charts.sections.size() == 2);
  CHECK(!charts.sections[0].owns_dataset);
  CHECK(charts.sections[1].about->kind == notice_kind::parked);
}

TEST_CASE("owners without a usable address are listed") {
  const auto all = golden_digest();
  const auto batch = letters_by_address(all);
  CHECK(batch.unaddressed
        == std::set<unaddressed_owner>{{"group:default/evil", "a@b.c\r\nBcc: all@example.org"},
                                       {"group:default/jobs", ""},
                                       {"group:default/nobody", ""}});
}

TEST_CASE("mails read as they were approved") {
  const auto all = golden_digest();
  const auto batch = letters_by_address(all);
  for (const auto& x : batch.all) {
    const auto name = x.to.substr(0, x.to.find('@'));
    check_golden(name + ".txt", subject_of(x) + "\n\n" + text_of(x, all));
    check_golden(name + ".html", html_of(x, all));
  }
}

TEST_CASE("a single step's input is one completed notice") {
  const auto all = parse_digest(step_input());
  REQUIRE(all);
  CHECK(all->id == "movies@v2");
  REQUIRE(all->notices.size() == 1);
  CHECK(all->notices[0].kind == notice_kind::completed);
  CHECK(all->notices[0].title == "Movies <3");
  CHECK(all->notices[0].changes.size() == 3);
  CHECK(all->notices[0].result.rows == 3201);
  const auto batch = letters_by_address(*all);
  CHECK(subject_of(to(batch, "film@example.org")) == "[Skein] movies is now at v2");
}

TEST_CASE("what agents of others say is read with care") {
  for (const auto* odd : {R"({"migration": "m@v2",
                              "inputs": {"x": 3, "y": [],
                                         "z": {"changes": 7, "consumers": "no"}}})",
                          R"({"migration": "m@v2",
                              "inputs": {"z": {"changes": [1], "consumers": [null], "rows": "x",
                                               "location": 2}}})",
                          R"({"migration": "m@v2", "inputs": []})", R"({"migration": "m@v2"})"}) {
    CAPTURE(odd);
    const auto all = parse_digest(json::parse(odd));
    REQUIRE(all);
    CHECK(letters_by_address(*all).all.empty());
  }
  for (const auto* bad :
       {R"({})", R"({"digest": "d", "notices": [3]})", R"({"notices": []})",
        R"({"digest": "d", "notices": [{"migration": "m@v2", "kind": "odd"}]})"}) {
    CAPTURE(bad);
    CHECK(!parse_digest(json::parse(bad)));
  }
}

TEST_CASE("subjects count what is new and what waits") {
  notice done, held;
  done.dataset = "a";
  done.target_version = held.target_version = "v2";
  held.dataset = "b";
  held.kind = notice_kind::held;
  letter x;
  x.sections = {{&held, true, {}}};
  CHECK(subject_of(x) == "[Skein] b needs you on its way to v2");
  x.sections = {{&done, true, {}}, {&done, true, {}}};
  CHECK(subject_of(x) == "[Skein] 2 datasets have new versions");
  x.sections = {{&held, true, {}}, {&held, true, {}}};
  CHECK(subject_of(x) == "[Skein] 2 migrations need you");
  x.sections = {{&done, true, {}}, {&held, true, {}}};
  CHECK(subject_of(x) == "[Skein] 1 version is new, 1 migration is waiting for you");
}

TEST_CASE("mail addresses are told from what is none") {
  for (const auto* good : {"a@b", "first.last+tag@example.org"})
    CHECK(is_mail_address(good));
  for (const auto* bad :
       {"", "a", "@b", "a@", "a@b@c", "a b@c", "a@b\n", "<a@b>", "a,b@c", "ü@b"}) {
    CAPTURE(bad);
    CHECK(!is_mail_address(bad));
  }
}

TEST_CASE("a refused recipient is told apart, a transient failure ends the run") {
  const auto all = golden_digest();
  digest_sender by{"skein@example.org", "smtp", 0, {}};
  by.deliver = [](const finished_mail& mail) -> outcome<std::string> {
    if (mail.to == "charts@example.org")
      return give_up("no such user");
    return "smtp://mail";
  };
  const auto output = send_digest(all, by);
  REQUIRE(output);
  CHECK(output->at("mails") == json::parse(R"([{"to": "film@example.org", "smtp": "smtp://mail",
                            "datasets": ["movies", "cars"]}])"));
  CHECK(output->at("rejected")
        == json::parse(R"([{"to": "charts@example.org", "why": "no such user"}])"));
  CHECK(output->at("results").at("movies@v2").at("told") == json{"film@example.org"});
  CHECK(output->at("results").at("jobs@v2").at("told").empty());
  CHECK(output->at("unaddressed").size() == 3);
  by.deliver = [](const finished_mail&) -> outcome<std::string> { return try_later("greylisted"); };
  const auto later = send_digest(all, by);
  REQUIRE(!later);
  CHECK(later.error().kind == trouble_kind::transient);
  by.from = "not an address";
  CHECK(!send_digest(all, by));
}
