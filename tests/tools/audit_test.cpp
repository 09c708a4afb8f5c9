#include "actors/head_book.hpp"
#include "store/event_log.hpp"
#include "tests/tools/console.hpp"
#include "tests/tools/sample_log.hpp"
#include "tools/skein/proof.hpp"

#include <fstream>

using namespace skein;
using namespace skein::tests;
using Catch::Matchers::Contains;
namespace fs = std::filesystem;

namespace {

/// A state folder as a daemon leaves it: the sample log, its tree, and a head of all of it.
struct audited_state {
  actors::test::temporary_folder folder;
  fs::path state = folder.path() / ".skein";

  audited_state() {
    fs::create_directory(state);
    write([](told_log& story) { tell_sample(story); });
  }

  void write(const std::function<void(told_log&)>& tell) {
    std::shared_ptr<store::event_log> log = value_of(store::open_log(state / "log"));
    told_log story{*log};
    tell(story);
    const auto book = value_of(actors::head_book::open(
        {log, state / "audit" / "tree", state / "audit" / "key.pem", state / "audit" / "heads"}));
    CHECK_FALSE(value_of(book->take_in(1000)));
    CHECK(value_of(book->sign(actors::test::midnight)));
  }

  template <class T>
  static T value_of(expected<T> answer) {
    if (!answer)
      FAIL(answer.error().what);
    return std::move(*answer);
  }

  program_end audit(words arguments) const {
    words all{"-w", folder.path(), "audit"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return skein_says(all);
  }

  std::string path(const std::string& name) const { return folder.path() / name; }

  void put(const std::string& name, const std::string& text) const {
    std::ofstream{folder.path() / name, std::ios::binary} << text;
  }

  console::proof proof_of(const std::string& migration) const {
    const auto tree = value_of(store::audit_store::open_for_reading(state / "audit" / "tree"));
    const auto log = value_of(store::open_log_read_only(state / "log"));
    uint64_t newer = 0;
    return value_of(console::prove(migration, *log, *tree, newer));
  }
};

std::string why_not(const console::proof& x) {
  const auto found = console::check(x);
  return found ? "it holds" : found.error().what;
}

} // namespace

TEST_CASE("a stopped state folder is verified, with its workspace or without") {
  const audited_state s;
  const auto found = s.audit({"verify"});
  CHECK(found.code == 0);
  CHECK_THAT(found.out, Contains("The log is what was written.") && Contains("1 of 1 signed head"));
  const auto copy = skein_says({"audit", "verify", "--state", s.state, "--json"}).json();
  CHECK(copy["ok"] == true);
  CHECK(copy["events"] == copy["leaves"]);
  CHECK(copy["signed_events"] == copy["last_sequence"]);
}

TEST_CASE("a noted head is verified, from a file and as text") {
  const audited_state s;
  const auto head = s.audit({"head"});
  REQUIRE(head.code == 0);
  s.put("noted", head.out);
  CHECK(s.audit({"verify", "--head", s.path("noted")}).code == 0);
  CHECK(s.audit({"verify", "--head", head.out}).code == 0);
  auto other = head.out;
  other.replace(other.find("time 2026"), 9, "time 2027");
  const auto found = s.audit({"verify", "--head", other});
  CHECK(found.code == 1);
  CHECK_THAT(found.out, Contains("bad-head") && Contains("forged"));
  CHECK(s.audit({"verify", "--head", s.path("no-such-file")}).code == 1);
}

TEST_CASE("heads must be of the key that is asked for") {
  const audited_state s;
  const auto key = s.audit({"key"}).out;
  const auto text = key.substr(0, key.size() - 1);
  CHECK(s.audit({"verify", "--key", text}).code == 0);
  const audited_state other;
  const auto theirs = other.audit({"key"}).out;
  const auto found = s.audit({"verify", "--key", theirs.substr(0, theirs.size() - 1)});
  CHECK(found.code == 1);
  CHECK_THAT(found.out, Contains("not among the trusted"));
  CHECK(s.audit({"verify", "--key", "nonsense"}).code == 2);
}

TEST_CASE("without an audit store, verify says what cannot be compared") {
  const audited_state s;
  const auto head = s.audit({"head"}).out;
  fs::remove_all(s.state / "audit");
  const auto found = s.audit({"verify"});
  CHECK(found.code == 1);
  CHECK_THAT(found.out, Contains("no stored leaves"));
  CHECK(s.audit({"head"}).code == 1);
  CHECK(s.audit({"prove", "stocks@v2"}).code == 1);
}

TEST_CASE("a proof is written and checked") {
  const audited_state s;
  const auto file = s.path("proof.json");
  REQUIRE(s.audit({"prove", "stocks@v2", "-o", file}).code == 0);
  const auto checked = skein_says({"audit", "check", file});
  CHECK(checked.code == 0);
  CHECK_THAT(checked.out, Contains("completed") && Contains("Proved:") && Contains("Not proved:")
                              && Contains("whose key that is"));
  const auto rows = skein_says({"audit", "check", file, "-o", "csv"});
  CHECK(rows.code == 0);
  CHECK_THAT(rows.out, Catch::StartsWith("sequence,at,migration,version,type,")
                           && Contains(",completed,") && !Contains("roved"));
  CHECK_THAT(rows.err, Contains("Proved:") && Contains("Not proved:"));
  const auto key = s.audit({"key"}).out;
  const auto with_key
      = skein_says({"audit", "check", file, "--key", key.substr(0, key.size() - 1), "--json"});
  CHECK(with_key.code == 0);
  CHECK(with_key.json()["events"].back()["type"] == "completed");
  CHECK(with_key.json()["key_was_given"] == true);
  const audited_state other;
  const auto theirs = other.audit({"key"}).out;
  CHECK(skein_says({"audit", "check", file, "--key", theirs.substr(0, theirs.size() - 1)}).code
        == 1);
  CHECK(s.audit({"prove", "atlantis@v2"}).code == 3);
  CHECK(skein_says({"audit", "check", s.path("none.json")}).code == 3);
}

TEST_CASE("a proof survives its JSON") {
  const audited_state s;
  const auto made = s.proof_of("stocks@v2");
  const auto read = audited_state::value_of(console::proof_in(console::json_of(made).dump()));
  CHECK(console::json_of(read) == console::json_of(made));
  CHECK(why_not(read) == "it holds");
}

TEST_CASE("no proof holds once anything in it is changed") {
  const audited_state s;
  const auto made = s.proof_of("stocks@v2");
  REQUIRE(made.events.size() > 3);
  const auto changed = [&](const std::function<void(console::proof&)>& how) {
    auto copy = made;
    how(copy);
    return why_not(copy);
  };
  for (size_t i = 0; i < made.events[1].record.size(); ++i)
    CHECK_THAT(changed([&](auto& x) { x.events[1].record[i] ^= 1; }), Contains("not in the log"));
  CHECK_THAT(changed([](auto& x) { x.events[1].sequence++; }), Contains("not in the log"));
  CHECK_THAT(changed([](auto& x) { x.events[1].sequence = 0; }), Contains("not in the log"));
  CHECK_THAT(changed([](auto& x) { x.events[1].path[0][5] ^= 1; }), Contains("not in the log"));
  CHECK_THAT(changed([](auto& x) { x.events[1].path.pop_back(); }), Contains("not in the log"));
  CHECK_THAT(changed([](auto& x) { x.events.erase(x.events.begin() + 1); }), Contains("left out"));
  CHECK_THAT(changed([](auto& x) { x.events.erase(x.events.begin()); }), Contains("left out"));
  CHECK_THAT(changed([](auto& x) { std::swap(x.events[1], x.events[2]); }), Contains("order"));
  CHECK_THAT(changed([](auto& x) { x.events.clear(); }), Contains("proves nothing"));
  CHECK_THAT(changed([](auto& x) { x.migration = "movies@v2"; }), Contains("is of stocks@v2"));
  CHECK_THAT(changed([](auto& x) { x.head[100] ^= 1; }), !Contains("it holds"));
  CHECK_THAT(changed([](auto& x) { x.key.back() = x.key.back() == 'A' ? 'B' : 'A'; }),
             !Contains("it holds"));
  const audited_state other;
  const auto foreign = other.proof_of("stocks@v2");
  CHECK_THAT(changed([&](auto& x) { x.key = foreign.key; }), Contains("the key is of"));
  CHECK_THAT(changed([&](auto& x) { x.head = foreign.head; }), !Contains("it holds"));
  // The newest events may be left out: that none follows is not what a proof proves.
  CHECK(changed([](auto& x) { x.events.pop_back(); }) == "it holds");
}

TEST_CASE("what is no proof is refused with a sentence") {
  const audited_state s;
  const auto whole = console::json_of(s.proof_of("stocks@v2"));
  const auto refusal = [](const nlohmann::json& x) {
    const auto read = console::proof_in(x.dump());
    return read ? "it was taken" : read.error().what;
  };
  CHECK(refusal(whole) == "it was taken");
  CHECK_THAT(console::proof_in("{").error().what, Contains("no JSON object"));
  for (const auto* member : {"format", "migration", "head", "key", "events"}) {
    auto part = whole;
    part.erase(member);
    CHECK_THAT(refusal(part), Contains(member));
    part[member] = 7;
    CHECK_THAT(refusal(part), Contains(member));
  }
  for (const auto* member : {"sequence", "record", "path"}) {
    auto part = whole;
    part["events"][0].erase(member);
    CHECK_THAT(refusal(part), Contains(member));
  }
  auto part = whole;
  part["events"][0]["path"][0] = "no hash";
  CHECK_THAT(refusal(part), Contains("no SHA-256 hash"));
  part["events"][0] = "no event";
  CHECK_THAT(refusal(part), Contains("sequence"));
}

TEST_CASE("the root of a log is the one in its head") {
  const audited_state s;
  const auto head = s.audit({"head", "--json"}).json();
  const auto root = s.audit({"root", "--json"}).json();
  CHECK(root["root"] == head["root"]);
  CHECK(root["size"] == head["size"]);
  CHECK(s.audit({"root", "--size", "1"}).out != s.audit({"root"}).out);
  CHECK(s.audit({"root", "--size", "1000000"}).code == 3);
}

TEST_CASE("an export is held against a noted head, signed by a key that is known") {
  const audited_state given;
  given.put("noted", given.audit({"head"}).out);
  auto key = given.audit({"key"}).out;
  key.erase(key.find('\n'));
  const auto file = given.path("all.skeinlog");
  REQUIRE(skein_says({"-w", given.folder.path(), "log", "export", file}).code == 0);
  const words verify{"log", "verify", file, "--head", given.path("noted"), "--key", key};
  CHECK_THAT(skein_says(verify).out, Contains("is whole and as it was noted"));

  auto forged = given.audit({"head"}).out;
  forged.replace(forged.find("\ntime 2026"), 10, "\ntime 2027");
  given.put("noted", forged);
  const auto refused = skein_says(verify);
  CHECK(refused.code == 1);
  CHECK_THAT(refused.err, Contains("head 1 in") && Contains("changed after it was signed"));
}
