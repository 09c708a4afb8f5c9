#include "audit_fixture.hpp"

using namespace skein;
using namespace skein::store;
using namespace skein::store::test;
using Catch::Matchers::Contains;

namespace {

const std::string log_id(32, 'a');

digest leaf_of(uint64_t i) { return merkle::leaf_hash(std::to_string(i)); }

std::vector<std::string> notes_in(const audit_store& kept) {
  std::vector<std::string> notes;
  check(kept.heads(0, [&](const kept_head& x) {
    CHECK(x.ordinal == notes.size() + 1);
    notes.push_back(x.note);
    return true;
  }));
  return notes;
}

} // namespace

TEST_CASE("an audit store goes on at every size after it was opened anew") {
  temporary_folder folder;
  merkle::edge plain;
  for (uint64_t size = 0; size < 530; size += 1 + size / 7) {
    auto kept = value_of(audit_store::open_for_writing(folder.path() / "tree", log_id));
    CHECK(kept->size() == plain.size());
    CHECK(kept->grown_root() == plain.root());
    for (; plain.size() < size; plain.add(leaf_of(plain.size())))
      kept->add(leaf_of(plain.size()));
    CHECK(kept->grown_root() == plain.root());
    check(kept->write());
    CHECK(value_of(merkle::root_of(size, kept->nodes())) == plain.root());
  }
}

TEST_CASE("leaves that were added and not written are gone after a crash") {
  temporary_folder folder;
  {
    auto kept = value_of(audit_store::open_for_writing(folder.path() / "tree", log_id));
    kept->add(leaf_of(0));
    check(kept->write());
    for (uint64_t i = 1; i < 300; ++i)
      kept->add(leaf_of(i));
    CHECK(kept->size() == 1);
    CHECK(kept->grown_size() == 300);
  }
  auto kept = value_of(audit_store::open_for_writing(folder.path() / "tree", log_id));
  CHECK(kept->grown_size() == 1);
  CHECK(kept->grown_root() == leaf_of(0));
}

TEST_CASE("heads are kept in the order of their signing, with the keys they were signed by") {
  audited_log a{600, {10, 300, 600}};
  auto kept = value_of(audit_store::open_for_reading(a.tree()));
  CHECK(kept->newest_head() == 3);
  CHECK(notes_in(*kept) == a.notes);
  CHECK(value_of(kept->head(2))->note == a.notes[1]);
  CHECK_FALSE(value_of(kept->head(4)));
  CHECK(value_of(kept->keys()) == std::vector{a.key.verifier()});
  CHECK(kept->log_id() == a.log.log_id());
}

TEST_CASE("an audit store can be read while another process has it open for writing") {
  audited_log a{300, {200}};
  auto writing = a.open();
  auto reading = value_of(audit_store::open_for_reading(a.tree()));
  CHECK(reading->size() == 300);
  CHECK(value_of(merkle::root_of(300, reading->nodes())) == writing->grown_root());
  CHECK_THAT(failure_of(audit_store::open_for_writing(a.tree(), log_id)), Contains("audit store"));
}

TEST_CASE("a tree can be cut back to any size, and grow again; heads stay") {
  for (const uint64_t size : {0, 1, 255, 256, 257, 511, 512, 599}) {
    audited_log a{600, {300, 600}};
    {
      auto kept = a.open();
      check(kept->cut(size));
      CHECK(kept->size() == size);
      CHECK(kept->grown_root() == value_of(merkle::root_of(size, kept->nodes())));
    }
    auto kept = a.open();
    CHECK(kept->size() == size);
    CHECK(notes_in(*kept) == a.notes);
    a.grow(*kept, 600);
    CHECK(value_of(parse_head(a.notes[2])).head.root == value_of(parse_head(a.notes[1])).head.root);
  }
}

TEST_CASE("the audit store of another log is refused, and left as it is") {
  audited_log a{3, {3}};
  CHECK_THAT(failure_of(audit_store::open_for_writing(a.tree(), std::string(32, 'b'))),
             Contains("is of the log " + log_id));
  CHECK(a.open()->size() == 3);
}

TEST_CASE("there is nothing to read where no audit store is") {
  temporary_folder folder;
  CHECK_THAT(failure_of(audit_store::open_for_reading(folder.path() / "tree")),
             Contains("no audit store"));
  CHECK_FALSE(std::filesystem::exists(folder.path() / "tree"));
}
