#include "fault_bench.hpp"

#include <algorithm>

using namespace skein::store;
using namespace skein::store::test;
using Catch::Contains;

namespace {

namespace fs = std::filesystem;

constexpr file_kind files_of_rocksdb[]
    = {file_kind::wal, file_kind::table, file_kind::manifest, file_kind::current};

void check_refusals(const told& what) {
  for (auto& refused : what.refused) {
    CHECK(refused.fault == append_fault::log_failed);
    CHECK_THAT(refused.what, Contains("restart"));
  }
}

/// Runs the script with the fault at its first, second... place, until it is never reached. Answers
/// how many places there were. Only every so many of them, where others are like them.
uint64_t run_at_every_place(fault what, uint64_t stride = 1) {
  for (;; what.nth += stride) {
    INFO(describe(what));
    bench b;
    auto log = value_of(b.open());
    b.disk.inject(what);
    const auto before = run_script(*log, 0, commits_of_a_run);
    check_refusals(before);
    log.reset();
    if (!b.disk.fired())
      return what.nth - 1;
    b.disk.mend();
    require_nothing_lost(b.path, before.commits);
  }
}

/// The same while a log is made where there was none.
uint64_t create_at_every_place(fault what) {
  for (;; ++what.nth) {
    INFO("creating, " << describe(what));
    bench b;
    b.disk.inject(what);
    if (auto log = b.open(); !log)
      CHECK_THAT(log.error().what, Contains(b.path.string()));
    if (!b.disk.fired())
      return what.nth - 1;
    b.disk.mend();
    require_nothing_lost(b.path, 0);
  }
}

/// A log that was never closed, and how many commits it acknowledged.
struct stopped_log {
  temporary_folder folder;
  fs::path path = folder.path() / "copy";

  stopped_log() {
    auto log = value_of(open_log(folder.path() / "log", small_buffers()));
    REQUIRE(run_script(*log, 0, commits_of_a_run).refused.empty());
    copy_live(folder.path() / "log", path);
  }
};

/// Opens copies of that log on a disk with the fault at its first, second... place.
uint64_t reopen_at_every_place(const stopped_log& stopped, fault what) {
  for (;; ++what.nth) {
    INFO("opening, " << describe(what));
    temporary_folder folder;
    const auto path = folder.path() / "log";
    copy_live(stopped.path, path);
    faulty_disk disk{path};
    disk.inject(what);
    if (auto log = open_log_through(disk.files(), path, small_buffers()))
      CHECK(require_scripted(**log) == commits_of_a_run);
    else
      CHECK_THAT(log.error().what, Contains(path.string()));
    if (!disk.fired())
      return what.nth - 1;
    disk.mend();
    require_nothing_lost(path, commits_of_a_run);
  }
}

} // namespace

TEST_CASE("a write that fails, falls short or meets a full disk, anywhere, loses nothing") {
  CHECK(run_at_every_place({file_kind::wal, file_operation::write, file_outcome::fails}) > 0);
  for (auto file : {file_kind::table, file_kind::manifest})
    CHECK(run_at_every_place({file, file_operation::write, file_outcome::fails}, 3) > 0);
  for (auto how : {file_outcome::is_short, file_outcome::no_space})
    CHECK(run_at_every_place({file_kind::wal, file_operation::write, how}, 3) > 0);
}

TEST_CASE("an fsync that fails anywhere loses nothing acknowledged") {
  for (auto file : {file_kind::wal, file_kind::table, file_kind::other})
    CHECK(run_at_every_place({file, file_operation::sync, file_outcome::fails}) > 0);
}

TEST_CASE("an fsync of the manifest that fails anywhere loses nothing") {
  CHECK(run_at_every_place({file_kind::manifest, file_operation::sync, file_outcome::fails}) > 0);
}

TEST_CASE("a file that cannot be created loses nothing acknowledged") {
  for (auto file : {file_kind::wal, file_kind::table})
    CHECK(run_at_every_place({file, file_operation::create, file_outcome::no_space}) > 0);
}

TEST_CASE("a creation that fails anywhere is finished by the next opening") {
  for (auto on : {file_operation::create, file_operation::write, file_operation::sync})
    for (auto file : files_of_rocksdb)
      CHECK(create_at_every_place({file, on, file_outcome::fails}) > 0);
  CHECK(create_at_every_place({file_kind::current, file_operation::rename, file_outcome::fails})
        > 0);
}

TEST_CASE("an opening that fails anywhere changes nothing of what was acknowledged") {
  const stopped_log stopped;
  for (auto on : {file_operation::create, file_operation::write, file_operation::sync})
    for (auto file : files_of_rocksdb)
      reopen_at_every_place(stopped, {file, on, file_outcome::fails});
  CHECK(reopen_at_every_place(stopped,
                              {file_kind::manifest, file_operation::write, file_outcome::is_short})
        > 0);
  CHECK(reopen_at_every_place(stopped,
                              {file_kind::current, file_operation::rename, file_outcome::fails})
        > 0);
}

TEST_CASE("a rename that was answered and never happened is found, or harms nothing") {
  bench b;
  uint64_t acknowledged = 0;
  {
    auto log = value_of(b.open());
    acknowledged = run_script(*log, 0, 5).commits;
  }
  b.disk.inject({file_kind::current, file_operation::rename, file_outcome::is_lost});
  {
    auto log = b.open(); // makes a new manifest, which CURRENT is to name
    REQUIRE(b.disk.fired());
    if (log)
      acknowledged = run_script(**log, require_scripted(**log), 10).commits;
  }
  b.disk.mend();
  if (auto log = open_log(b.path, small_buffers()))
    CHECK(require_scripted(**log) >= acknowledged);
  else
    CHECK_THAT(log.error().what, Contains(b.path.string()) && Contains("restore"));
}

TEST_CASE("after an fsync that failed nothing is acknowledged and nothing is fsynced again") {
  bench b;
  auto log = value_of(b.open());
  REQUIRE(run_script(*log, 0, 3).refused.empty());
  b.disk.inject({file_kind::wal, file_operation::sync, file_outcome::fails});
  const auto next = scripted_commit(3);
  CHECK_FALSE(log->commit(next)[0]);
  REQUIRE(b.disk.fired());
  b.disk.mend();

  const auto syncs = b.disk.count(file_kind::wal, file_operation::sync);
  for (int again = 0; again < 3; ++again) {
    const auto answers = log->commit(next);
    REQUIRE_FALSE(answers[0]);
    CHECK(answers[0].error().fault == append_fault::log_failed);
  }
  CHECK(b.disk.count(file_kind::wal, file_operation::sync) == syncs);
  CHECK(require_scripted(*log) == 3); // readers see what is on disk, and nothing else
  log.reset();
  require_nothing_lost(b.path, 3);
}

TEST_CASE("a full disk is named with its folder, and all goes on once there is room") {
  uint64_t refused = 0;
  for (uint64_t room = 2000;; room += 9000) {
    INFO("room for " << room << " bytes");
    bench b;
    auto log = value_of(b.open());
    b.disk.leave_room_for(room);
    auto before = run_script(*log, 0, commits_of_a_run);
    check_refusals(before);
    if (!b.disk.fired())
      break;
    if (!before.refused.empty()) { // else it was full when the log was closed
      ++refused;
      CHECK_THAT(before.refused[0].what,
                 Contains("No space") && Contains(b.path.string()) && Contains("make room"));
    }
    log.reset();
    b.disk.mend();
    require_nothing_lost(b.path, before.commits);
  }
  CHECK(refused > 0);
}

TEST_CASE("a read that fails or finds another bit never gives another record") {
  const stopped_log stopped;
  { value_of(open_log(stopped.path, small_buffers())); } // so that all is in table files
  for (auto how : {file_outcome::fails, file_outcome::is_flipped}) {
    for (fault what{file_kind::table, file_operation::read, how};; ++what.nth) {
      INFO(describe(what));
      faulty_disk disk{stopped.path};
      disk.inject(what);
      std::vector<std::string> found;
      auto log = open_log_through(disk.files(), stopped.path, small_buffers());
      if (log) {
        auto read = (*log)->read(1, no_limit, [&](const stored& record) {
          found.emplace_back(record.bytes);
          return true;
        });
        if (read)
          CHECK(found == scripted_records(commits_of_a_run));
        else
          CHECK_THAT(read.error().what, Contains("sequence " + std::to_string(found.size() + 1)));
      }
      if (!disk.fired())
        break;
    }
  }
}
