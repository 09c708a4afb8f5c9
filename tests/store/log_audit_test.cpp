#include "store/log_audit.hpp"

#include "audit_fixture.hpp"
#include "store/encodings.hpp"
#include "store/ordered_store.hpp"

using namespace skein;
using namespace skein::store;
using namespace skein::store::test;
using Catch::Matchers::Contains;

namespace {

using fault = audit_fault;

/// What the tests read of a report: each problem with its sequences.
struct finding {
  fault what;
  uint64_t first;
  uint64_t last;

  bool operator==(const finding&) const = default;
};

std::ostream& operator<<(std::ostream& out, const finding& x) {
  return out << name_of(x.what) << ' ' << x.first << '-' << x.last;
}

std::vector<finding> findings(const audit_report& from) {
  std::vector<finding> all;
  for (const auto& x : from.problems)
    all.push_back({x.fault, x.first, x.last});
  return all;
}

std::string sentences(const audit_report& from) {
  std::string all;
  for (const auto& x : from.problems)
    all += x.what + "\n";
  return all;
}

struct audited : audited_log {
  using audited_log::audited_log;

  std::unique_ptr<audit_store> reading() const {
    return value_of(audit_store::open_for_reading(tree()));
  }

  audit_report verify(const std::vector<std::string>& given = {}) const {
    return verify_with(*reading(), given);
  }

  audit_report verify_with(const audit_store& tree,
                           const std::vector<std::string>& given = {}) const {
    log_audit audit{log, &tree, value_of(tree.keys())};
    check(audit.add_kept_heads());
    for (const auto& note : given)
      audit.add_head(note, "the given head");
    return audit.run();
  }

  /// Without the tree, on the word of a head alone.
  audit_report verify_by(const std::string& note) const {
    log_audit audit{log, nullptr, {key.verifier()}};
    audit.add_head(note, "the given head");
    return audit.run();
  }

  /// Changes an entry of the audit store as only somebody who means it would.
  void alter_store(const std::string& entry, std::optional<std::string> value) const {
    auto raw = value_of(
        ordered_store::open(tree(), {"audit store", "skein audit", 1, true}, access::write));
    const ordered_change change{entry, std::move(value)};
    check(raw->write({&change, 1}));
  }
};

std::string be64(uint64_t value) {
  std::string bytes;
  for (int shift = 56; shift >= 0; shift -= 8)
    bytes += static_cast<char>(value >> shift & 0xff);
  return bytes;
}

} // namespace

TEST_CASE("a log that nobody touched is clean, and the report counts what was checked") {
  audited a{700, {1, 255, 256, 257, 600}};
  const auto found = a.verify();
  CHECK(sentences(found) == "");
  CHECK(found.is_clean());
  CHECK(found.events == 700);
  CHECK(found.leaves == 700);
  CHECK(found.heads == 5);
  CHECK(found.heads_borne_out == 5);
  CHECK(found.signed_events == 600);
}

TEST_CASE("a log that grew beyond the tree is clean: the notary is behind the log") {
  audited a{300, {300}};
  a.log.records.emplace_back("new");
  const auto found = a.verify();
  CHECK(found.is_clean());
  CHECK(found.events == 301);
  CHECK(found.leaves == 300);
}

TEST_CASE("every flipped byte of a record is found, and its event named") {
  audited a{20, {5, 20}};
  const auto whole = a.log.records;
  const auto tree = a.reading();
  for (uint64_t sequence = 1; sequence <= 20; ++sequence)
    for (size_t i = 0; i < whole[sequence - 1].size(); ++i) {
      a.log.records = whole;
      a.log.records[sequence - 1][i] ^= 1;
      const auto found = a.verify_with(*tree);
      REQUIRE_FALSE(found.is_clean());
      CHECK(findings(found)[0] == finding{fault::altered_event, sequence, sequence});
      CHECK(found.counts.at(fault::altered_event) == 1);
      CHECK(found.counts.at(fault::broken_promise) == (sequence <= 5 ? 2 : 1));
    }
}

TEST_CASE("all altered events are named, not only the first, with the hash that was expected") {
  audited a{600, {600}};
  for (const auto sequence : {7, 300, 599})
    a.log.records[static_cast<size_t>(sequence - 1)] += "!";
  const auto found = a.verify();
  CHECK(findings(found)
        == std::vector<finding>{{fault::altered_event, 7, 7},
                                {fault::altered_event, 300, 300},
                                {fault::altered_event, 599, 599},
                                {fault::broken_promise, 1, 600}});
  CHECK_THAT(sentences(found), Contains("its leaf hash is " + hex(merkle::leaf_hash("record 7!"))
                                        + ", and was " + hex(merkle::leaf_hash("record 7"))));
  CHECK_THAT(sentences(found), Contains("the stored leaves still are"));
}

TEST_CASE("problems of one kind are bounded, and hide no other") {
  audited a{3000, {3000}};
  for (auto& record : a.log.records)
    record += "!";
  const auto found = a.verify();
  CHECK(found.problem_count() == 3001);
  CHECK(found.problems.size() == audit_report::kept_max + 1);
  CHECK(found.problems.back().fault == fault::broken_promise);
}

TEST_CASE("two events in each other's place are both named") {
  audited a{20, {20}};
  std::swap(a.log.records[3], a.log.records[8]);
  CHECK(findings(a.verify())
        == std::vector<finding>{{fault::altered_event, 4, 4},
                                {fault::altered_event, 9, 9},
                                {fault::broken_promise, 1, 20}});
}

TEST_CASE("a log that lost its end is found, by its tree and by every head beyond it") {
  audited a{20, {10, 15, 20}};
  a.log.records.resize(12);
  CHECK(findings(a.verify())
        == std::vector<finding>{{fault::missing_events, 13, 20},
                                {fault::missing_events, 13, 15},
                                {fault::missing_events, 13, 20}});
}

TEST_CASE("a noted head alone finds a log that lost its end, and one that was altered") {
  audited a{20, {10, 20}};
  CHECK(a.verify_by(a.notes[1]).is_clean());
  a.log.records.emplace_back("grown");
  CHECK(a.verify_by(a.notes[1]).is_clean());
  a.log.records.resize(19);
  CHECK(findings(a.verify_by(a.notes[1])) == std::vector<finding>{{fault::missing_events, 20, 20}});
  CHECK(a.verify_by(a.notes[0]).is_clean());
  a.log.records[9] = "other";
  CHECK(findings(a.verify_by(a.notes[0])) == std::vector<finding>{{fault::broken_promise, 1, 10}});
}

TEST_CASE("events that cannot be read are named, and all others are still checked") {
  audited a{600, {100, 600}};
  for (const auto sequence : {50, 300, 301, 302, 600})
    a.log.spoil(static_cast<uint64_t>(sequence));
  a.log.records[399] = "altered";
  const auto found = a.verify();
  CHECK(findings(found)
        == std::vector<finding>{{fault::unreadable_event, 50, 50},
                                {fault::unreadable_event, 300, 302},
                                {fault::altered_event, 400, 400},
                                {fault::broken_promise, 1, 600},
                                {fault::unreadable_event, 600, 600}});
  CHECK(found.events == 595);
  CHECK_THAT(sentences(found), Contains("block checksum mismatch"));
}

TEST_CASE("heads beyond an event of which nothing is left cannot be checked, and say so") {
  audited a{20, {20}};
  a.log.spoil(5);
  CHECK_THAT(sentences(a.verify_by(a.notes[0])), Contains("cannot be checked, since event 5"));
}

TEST_CASE("heads that are gone from the store are named") {
  audited a{20, {5, 10, 15, 20}};
  a.alter_store("head/" + be64(2), std::nullopt);
  CHECK_THAT(sentences(a.verify()), Contains("head 2 is gone"));
  a.alter_store("head/" + be64(4), std::nullopt);
  const auto found = a.verify();
  CHECK(findings(found)
        == std::vector<finding>{{fault::missing_head, 0, 0}, {fault::missing_head, 0, 0}});
  CHECK_THAT(sentences(found), Contains("head 4 is gone"));
}

TEST_CASE("a head with a forged signature counts for nothing") {
  audited a{20, {5, 20}};
  const auto other = value_of(
      signing_key::load_or_make(a.folder.path() / "other.pem", origin_of(a.log.log_id())));
  auto forged = value_of(parse_head(a.notes[1]));
  forged = value_of(sign(forged.head, other));
  a.alter_store("head/" + be64(2), forged.note());
  const auto found = a.verify();
  CHECK(findings(found) == std::vector<finding>{{fault::bad_head, 0, 0}});
  CHECK_THAT(sentences(found), Contains("head 2: it is signed with the key"));
  CHECK(found.signed_events == 5);
}

TEST_CASE("a head whose text was changed after it was signed is found") {
  audited a{20, {5, 20}};
  auto changed = a.notes[1];
  changed.replace(changed.find("\n20\n"), 4, "\n19\n");
  a.alter_store("head/" + be64(2), changed);
  CHECK_THAT(sentences(a.verify()), Contains("changed after it was signed, or forged"));
}

TEST_CASE("an old head put in again is found") {
  audited a{20, {5, 10, 20}};
  a.alter_store("head/" + be64(3), a.notes[0]);
  const auto found = a.verify();
  CHECK(findings(found) == std::vector<finding>{{fault::stray_head, 0, 0}});
  CHECK_THAT(sentences(found), Contains("head 3 is of 5 events, and the one before it of 10"));
}

TEST_CASE("a head of another log is no head of this one") {
  audited a{20, {20}};
  const auto foreign = value_of(sign({std::string(32, 'b'), 20, {}, "now"}, a.key));
  CHECK_THAT(sentences(a.verify({foreign.note()})), Contains("it is of the log bbbb"));
  CHECK_THAT(sentences(a.verify({"nonsense"})), Contains("no tree head"));
}

TEST_CASE("altered leaves are told from altered events") {
  audited a{300, {256, 300}};
  tile leaves;
  {
    auto kept = a.open();
    leaves = value_of(kept->tile_at({0, 0}));
  }
  leaves[16][0] ^= 1;
  std::string bytes;
  for (const auto& leaf : leaves)
    bytes += bytes_of(leaf);
  a.alter_store(std::string{"tile/"} + '\0' + be64(0), bytes);
  const auto found = a.verify();
  CHECK(findings(found)
        == std::vector<finding>{{fault::altered_event, 17, 17}, {fault::damaged_tree, 0, 0}});
  CHECK_THAT(sentences(found), Contains("stored leaves were altered, not events"));
}

TEST_CASE("leaves that are gone are named, and events go on being checked by heads") {
  audited a{300, {256, 300}};
  a.alter_store(std::string{"tile/"} + '\0' + be64(0), std::nullopt);
  const auto found = a.verify();
  CHECK(findings(found) == std::vector<finding>{{fault::damaged_tree, 1, 256}});
  CHECK(found.heads_borne_out == 2);
  CHECK(found.leaves == 44);
}

TEST_CASE("after a cut, the heads that the log no longer bears out are named for ever") {
  audited a{20, {10, 20}};
  a.log.records.resize(12);
  {
    auto kept = a.open();
    check(kept->cut(12));
    a.grow(*kept, 12);
  }
  for (uint64_t i = 13; i <= 30; ++i)
    a.log.records.push_back("another " + std::to_string(i));
  {
    auto kept = a.open();
    a.grow(*kept, 30);
  }
  const auto found = a.verify();
  CHECK(findings(found)
        == std::vector<finding>{{fault::stray_head, 0, 0}, {fault::broken_promise, 1, 20}});
  CHECK_THAT(sentences(found), Contains("head 2: the log's first 20 events"));
  CHECK(found.signed_events == 30);
}

TEST_CASE("the file of heads must agree with the store") {
  audited a{40, {10, 20, 30, 40}};
  const auto file = a.folder.path() / "heads";
  const auto verify = [&](const std::vector<size_t>& ordinals, const std::string& more = "") {
    std::string text;
    for (const auto i : ordinals)
      text += a.notes[i - 1] + "\n";
    write_file(file, text + more);
    const auto tree = value_of(audit_store::open_for_reading(a.tree()));
    log_audit audit{a.log, tree.get(), value_of(tree->keys())};
    check(audit.add_kept_heads());
    check(audit.add_heads_file(file));
    return sentences(audit.run());
  };
  CHECK(verify({1, 2, 3, 4}) == "");
  CHECK(verify({2, 3, 4}) == ""); // the file may start later, and end earlier
  CHECK(verify({1, 2, 3}) == "");
  CHECK_THAT(verify({1, 2, 4}), Contains("head 3 is gone from"));
  CHECK_THAT(verify({1, 2, 1, 3, 4}), Contains("head 3 in") && Contains("put in again"));
  CHECK_THAT(verify({1, 2}, "half a head"), Contains("the last 11 bytes"));
  a.alter_store("head/" + be64(4), std::nullopt);
  a.alter_store("heads", be64(3));
  CHECK_THAT(verify({3, 4}), Contains("head 2 in") && Contains("is not in the audit store"));
}
