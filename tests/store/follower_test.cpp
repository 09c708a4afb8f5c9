#include "support.hpp"

#include <algorithm>

using namespace skein::store;
using namespace skein::store::test;

TEST_CASE("a follower sees what is committed when it opens, and the rest after a refresh") {
  temporary_folder folder;
  auto log = value_of(open_log(folder.path()));
  fill(*log, 3);
  check(log->put_snapshot("s", {1, 2, "state"}));
  check(log->put_cursor("relay", 2));

  auto follower = value_of(open_log_read_only(folder.path()));
  CHECK(follower->log_id() == log->log_id());
  CHECK(records_of(*follower) == std::vector<std::string>{"1", "2", "3"});
  CHECK(value_of(follower->snapshot("s")) == snapshot{1, 2, "state"});
  CHECK(value_of(follower->cursor("relay")) == 2);

  fill(*log, 2);
  CHECK(follower->last_sequence() == 3);
  check(follower->refresh());
  CHECK(follower->last_sequence() == 5);
  CHECK(records_of(*follower, "s").size() == 5);
}

TEST_CASE("a follower of a log that is closed reads it, and leaves no trace") {
  temporary_folder folder;
  {
    auto log = value_of(open_log(folder.path()));
    fill(*log, 3);
  }
  auto files = [&] {
    std::vector<std::filesystem::path> found;
    for (auto& file : std::filesystem::directory_iterator{folder.path()})
      found.push_back(file.path());
    std::ranges::sort(found);
    return found;
  };
  const auto before = files();
  CHECK(records_of(*value_of(open_log_read_only(folder.path()))).size() == 3);
  CHECK(files() == before);
}

TEST_CASE("a follower beside a busy process sees no gap, and nothing acknowledged is missing") {
  temporary_folder folder;
  const auto path = folder.path() / "log";
  // A small buffer makes the writer flush, compact and delete files all the time.
  writer_process writer{path, 512 << 10};
  REQUIRE(eventually([&] { return writer.acknowledged() > 1000; }));
  const auto take = [](const stored&) { return true; };
  const auto take_version = [](uint64_t, const stored&) { return true; };
  for (int opening = 0; opening < 8; ++opening) {
    auto acknowledged = writer.acknowledged();
    auto follower = value_of(open_log_read_only(path));
    for (int refresh = 0; refresh < 8; ++refresh) {
      const auto last = follower->last_sequence();
      CHECK(last >= acknowledged);
      const auto recent = last > 5000 ? last - 5000 : 1;
      CHECK(value_of(follower->read(recent, no_limit, take)) == last + 1);
      const auto version = value_of(follower->stream_version("hot"));
      CHECK(value_of(follower->read_stream("hot", 1, take_version)) == version + 1);
      acknowledged = writer.acknowledged();
      check(follower->refresh());
    }
  }
}
