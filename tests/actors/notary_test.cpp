#include "actors/notary.hpp"

#include "cluster/subjects.hpp"
#include "store/log_audit.hpp"
#include "store/memory_log.hpp"
#include "tests/actors/actor_fixture.hpp"
#include "tests/actors/temporary_folder.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

using namespace skein;
using namespace skein::actors;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;
namespace fs = std::filesystem;

namespace {

std::shared_ptr<store::memory_log> log_of(uint64_t count, const std::string& text = "record ") {
  auto log = std::make_shared<store::memory_log>();
  for (uint64_t i = 0; i < count; ++i) {
    const store::append one{"s", i, {text + std::to_string(i)}};
    REQUIRE(log->commit({&one, 1})[0]);
  }
  return log;
}

store::tree_head head_in(const std::string& note) {
  const auto parsed = store::parse_head(note);
  REQUIRE(parsed);
  return parsed->head;
}

struct notary_fixture : tests::actor_fixture {
  actors::test::temporary_folder folder;
  std::shared_ptr<store::memory_log> log = log_of(0);
  std::vector<cluster::durable_message> published;
  bool bus_is_down = false;
  std::shared_ptr<notary_rounds> rounds;
  notary_actor notary;

  head_book_parts parts() const {
    return {log, folder.path() / "audit" / "tree", folder.path() / "audit" / "key.pem",
            folder.path() / "far" / "heads"};
  }

  publish_batch publisher() {
    return [this](std::span<const cluster::durable_message> batch) -> cluster::batch_result {
      if (bus_is_down)
        return {0, "the bus is down"};
      published.insert(published.end(), batch.begin(), batch.end());
      return {batch.size(), {}};
    };
  }

  void start() {
    rounds = std::make_shared<notary_rounds>(parts(), publisher(), world());
    notary = own(sys.spawn(actors::notary, notary_options{rounds}));
    settle();
  }

  void end() {
    caf::anon_send_exit(notary, caf::exit_reason::kill);
    settle();
    rounds->finish();
    rounds.reset();
  }

  void grow(uint64_t count) {
    for (uint64_t i = 0; i < count; ++i) {
      const store::append one{"s", log->last_sequence(), {"record"}};
      REQUIRE(log->commit({&one, 1})[0]);
    }
    caf::anon_send(notary, log_grew{log->last_sequence()});
    settle();
  }

  std::vector<uint64_t> announced_sizes() const {
    std::vector<uint64_t> sizes;
    for (const auto& message : published)
      sizes.push_back(head_in(message.data).size);
    return sizes;
  }

  std::vector<std::string> filed() const {
    std::vector<std::string> notes;
    const auto rest = store::each_note(
        parts().heads_file, [&](uint64_t, std::string_view note) { notes.emplace_back(note); });
    REQUIRE(rest);
    CHECK(*rest == 0);
    return notes;
  }

  store::digest root_of_log() const {
    store::merkle::edge tree;
    REQUIRE(log->read(1, store::no_limit, [&](const store::stored& record) {
      tree.add(store::merkle::leaf_hash(record.bytes));
      return true;
    }));
    return tree.root();
  }

  std::unique_ptr<head_book> book() const {
    auto opened = head_book::open(parts());
    if (!opened)
      FAIL(opened.error().what);
    return std::move(*opened);
  }
};

} // namespace

TEST_CASE_METHOD(notary_fixture, "an empty log has no head") {
  start();
  pass(20s);
  CHECK(published.empty());
  CHECK(filed().empty());
}

TEST_CASE_METHOD(notary_fixture, "a growing log gets a head every few seconds, and only then") {
  start();
  grow(3);
  pass(4s);
  CHECK(published.empty());
  grow(2);
  pass(1s);
  CHECK(announced_sizes() == std::vector<uint64_t>{5});
  pass(60s);
  CHECK(published.size() == 1);
  grow(1);
  pass(5s);
  CHECK(announced_sizes() == std::vector<uint64_t>{5, 6});
}

TEST_CASE_METHOD(notary_fixture, "a head is signed, kept, filed and announced") {
  start();
  grow(300);
  pass(5s);
  REQUIRE(published.size() == 1);
  const auto& message = published[0];
  CHECK(message.subject == cluster::subjects::audit_head);
  CHECK(message.message_id == log->log_id() + ":head:1");
  CHECK(filed() == std::vector{message.data});
  const auto head = head_in(message.data);
  CHECK(head.log_id == log->log_id());
  CHECK(head.root == root_of_log());
  CHECK(head.time == "2025-12-18T00:00:05.000000Z");
  end();
  const auto kept = store::audit_store::open_for_reading(parts().folder);
  REQUIRE(kept);
  CHECK((*kept)->head(1)->value().note == message.data);
  const auto keys = (*kept)->keys();
  REQUIRE(keys);
  CHECK(store::check_signature(*store::parse_head(message.data), *keys));
}

TEST_CASE_METHOD(notary_fixture, "the last head is signed when all has ended") {
  start();
  grow(7);
  end();
  CHECK(announced_sizes() == std::vector<uint64_t>{7});
}

TEST_CASE_METHOD(notary_fixture, "a notary that starts again signs nothing twice") {
  start();
  grow(7);
  end();
  start();
  pass(20s);
  // The newest is announced again, under its old id: it may not have been.
  REQUIRE(published.size() == 2);
  CHECK(published[0].data == published[1].data);
  CHECK(published[0].message_id == published[1].message_id);
  CHECK(filed().size() == 1);
  grow(1);
  pass(5s);
  CHECK(announced_sizes() == std::vector<uint64_t>{7, 7, 8});
}

TEST_CASE_METHOD(notary_fixture, "what grew while there was no notary is taken in at its start") {
  log = log_of(40'000); // more than one piece
  start();
  CHECK(announced_sizes() == std::vector<uint64_t>{40'000});
  CHECK(head_in(published[0].data).root == root_of_log());
}

TEST_CASE_METHOD(notary_fixture, "heads wait for a bus that is down") {
  bus_is_down = true;
  start();
  grow(1);
  pass(20s);
  grow(1);
  pass(20s);
  CHECK(published.empty());
  CHECK(filed().size() == 2);
  bus_is_down = false;
  pass(20s);
  CHECK(announced_sizes() == std::vector<uint64_t>{1, 2});
}

TEST_CASE_METHOD(notary_fixture, "what is in its way does not end the notary, but is tried again") {
  std::ofstream{folder.path() / "audit"} << "in the way";
  start();
  grow(3);
  pass(20s);
  CHECK(published.empty());
  fs::remove(folder.path() / "audit");
  pass(20s);
  CHECK(announced_sizes() == std::vector<uint64_t>{3});
}

TEST_CASE_METHOD(notary_fixture, "a log that lost its end is noticed, and old heads are kept") {
  log = log_of(300);
  start();
  end();
  log = log_of(280);
  const auto opened = book();
  REQUIRE(opened->alarms().size() == 1);
  CHECK_THAT(opened->alarms()[0], Contains("the newest 20 events of the log are gone"));
  CHECK_FALSE(opened->take_in(1000).value());
  const auto head = opened->sign(clock).value();
  REQUIRE(head);
  CHECK(head->ordinal == 2);
  CHECK(head_in(head->note).size == 280);
  CHECK(head_in(head->note).root == root_of_log());
  CHECK(filed().size() == 2);
}

TEST_CASE_METHOD(notary_fixture, "a log whose newest events are others is noticed") {
  log = log_of(300);
  start();
  end();
  log = log_of(290);
  for (int i = 0; i < 20; ++i) {
    const store::append one{"s", log->last_sequence(), {"other"}};
    REQUIRE(log->commit({&one, 1})[0]);
  }
  const auto opened = book();
  REQUIRE(opened->alarms().size() == 1);
  CHECK_THAT(opened->alarms()[0], Contains("event 291 of the log is not the one"));
  CHECK_FALSE(opened->take_in(1000).value());
  REQUIRE(opened->sign(clock)->has_value());
  // The leaves still know which events were altered, also in what is signed from now on.
  const auto tree = store::audit_store::open_for_reading(parts().folder).value();
  store::log_audit audit{*log, tree.get(), tree->keys().value()};
  REQUIRE(audit.add_kept_heads());
  const auto found = audit.run();
  CHECK(found.counts.at(store::audit_fault::altered_event) == 10);
  CHECK(found.counts.at(store::audit_fault::broken_promise) == 2);
  CHECK(found.problems.front().first == 291);
}

TEST_CASE_METHOD(notary_fixture, "a log that was not touched raises no alarm at any size") {
  for (const uint64_t size : {0, 1, 255, 256, 257, 5000}) {
    log = log_of(size);
    fs::remove_all(folder.path() / "audit");
    fs::remove_all(folder.path() / "far");
    start();
    end();
    CHECK(book()->alarms().empty());
  }
}

TEST_CASE_METHOD(notary_fixture, "the file of heads is mended and filled up from the store") {
  start();
  for (int i = 0; i < 3; ++i) {
    grow(1);
    pass(5s);
  }
  end();
  const auto notes = filed();
  REQUIRE(notes.size() == 3);
  const auto file = parts().heads_file;
  std::ofstream{file, std::ios::binary | std::ios::trunc} << notes[0] << "\n"
                                                          << notes[1].substr(0, 50);
  const auto mended = book();
  REQUIRE(mended->alarms().size() == 1);
  CHECK_THAT(mended->alarms()[0], Contains("torn by a crash"));
  CHECK(filed() == notes);
}

TEST_CASE_METHOD(notary_fixture, "a file of heads that moved elsewhere starts with all of them") {
  start();
  grow(1);
  pass(5s);
  grow(1);
  end();
  const auto notes = filed();
  fs::remove(parts().heads_file);
  CHECK(book()->alarms().empty());
  CHECK(filed() == notes);
}

TEST_CASE_METHOD(notary_fixture, "a tree that is not what its head was signed for is made anew") {
  log = log_of(300);
  start();
  end();
  {
    auto kept = store::audit_store::open_for_writing(parts().folder, log->log_id());
    REQUIRE(kept);
    REQUIRE((*kept)->cut(290));
    for (int i = 0; i < 10; ++i)
      (*kept)->add(store::merkle::leaf_hash("not in the log"));
    REQUIRE((*kept)->write());
  }
  const auto opened = book();
  REQUIRE(opened->alarms().size() == 1);
  CHECK_THAT(opened->alarms()[0], Contains("made anew from the log"));
  CHECK_FALSE(opened->take_in(1000).value());
  CHECK(head_in(opened->sign(clock)->value().note).root == root_of_log());
}
