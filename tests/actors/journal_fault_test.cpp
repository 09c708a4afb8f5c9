#include "actors/journal.hpp"
#include "actors/root.hpp"
#include "tests/actors/actor_fixture.hpp"
#include "tests/store/fault_bench.hpp"

using namespace skein;
using namespace skein::store::test;
using Catch::Contains;

namespace {

/// A journal on a log whose disk can fail, under the root that watches it.
struct journal_on_faulty_disk : tests::actor_fixture {
  bench disk_and_log;
  std::shared_ptr<store::event_log> log = value_of(disk_and_log.open());
  actors::journal_actor journal = own(sys.spawn(actors::journal, log, actors::queue_gauge{}));
  std::vector<std::string> ended;
  caf::actor root = own(sys.spawn(
      actors::root,
      std::vector<actors::watched_actor>{{"journal", caf::actor_cast<caf::actor>(journal)}},
      [this](std::string why) { ended.push_back(std::move(why)); }));
  uint64_t asked = 0;
  uint64_t committed = 0;
  std::vector<store::append_error> refused;

  /// One append to a stream of its own, which is `many` records long.
  void ask(std::size_t many = 1) {
    store::append what{"stream-" + std::to_string(++asked), 0, std::vector<std::string>(many, "x")};
    self->send(journal, actors::append_request{
                            std::move(what), caf::actor_cast<actors::committer_actor>(self.ptr())});
  }

  void hear() {
    settle();
    for (bool more = true; more;)
      self->receive([&](const actors::committed&) { ++committed; },
                    [&](const actors::not_committed& why) { refused.push_back(why.why); },
                    caf::after(std::chrono::seconds{0}) >> [&] { more = false; });
  }
};

} // namespace

TEST_CASE("a journal whose disk fails tells nobody that it is done, and ends with the reason") {
  for (fault what : {fault{file_kind::wal, file_operation::write, file_outcome::fails},
                     fault{file_kind::wal, file_operation::sync, file_outcome::fails},
                     fault{file_kind::wal, file_operation::write, file_outcome::is_short},
                     fault{file_kind::wal, file_operation::write, file_outcome::no_space}}) {
    INFO(describe(what));
    journal_on_faulty_disk fix;
    fix.ask();
    fix.hear();
    REQUIRE(fix.committed == 1);

    fix.disk_and_log.disk.inject(what);
    for (int i = 0; i < 3; ++i)
      fix.ask();
    fix.hear();
    CHECK(fix.disk_and_log.disk.fired());
    CHECK(fix.committed == 1);
    CHECK(fix.refused.size() == 3);
    REQUIRE(fix.ended.size() == 1);
    CHECK_THAT(fix.ended[0], Contains("journal") && Contains(fix.disk_and_log.path.string())
                                 && Contains("restart"));

    // The disk is well again: that alone opens nothing.
    fix.disk_and_log.disk.mend();
    fix.ask();
    fix.hear();
    CHECK(fix.committed == 1);
    CHECK(fix.log->last_sequence() == 1);
  }
}
