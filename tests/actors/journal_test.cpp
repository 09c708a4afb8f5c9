#include "actors/journal.hpp"
#include "store/memory_log.hpp"
#include "tests/actors/actor_fixture.hpp"

using namespace skein;

namespace {

struct journal_in_memory : tests::actor_fixture {
  std::shared_ptr<store::event_log> log = std::make_shared<store::memory_log>();
  std::vector<std::size_t> waiting; ///< as the journal told
  actors::journal_actor journal = own(
      sys.spawn(actors::journal, log,
                actors::queue_gauge{[this](std::size_t count) { waiting.push_back(count); }}));

  void ask(int stream) {
    store::append what{"stream-" + std::to_string(stream), 0, {"x"}};
    self->send(journal, actors::append_request{
                            std::move(what), caf::actor_cast<actors::committer_actor>(self.ptr())});
  }
};

} // namespace

TEST_CASE_METHOD(journal_in_memory,
                 "a journal tells how many decisions came too late for a commit") {
  for (int i = 0; i < 300; ++i)
    ask(i);
  settle();
  CHECK(log->last_sequence() == 300);
  CHECK(waiting == std::vector<std::size_t>{300 - 256, 0});
}
