#include "fault_bench.hpp"

#include <atomic>
#include <deque>
#include <optional>

using namespace skein::store;
using namespace skein::store::test;
using Catch::Contains;

namespace {

namespace fs = std::filesystem;

/// What a power failure left, and what had been acknowledged by then.
struct remains {
  fs::path path;
  uint64_t commits;
  survival how;
};

/// Every kind of them, in turn.
survival survival_of(uint64_t number) {
  using unsynced = survival::unsynced;
  using names = survival::names;
  static constexpr survival kinds[]
      = {{unsynced::nothing, names::synced},    {unsynced::some, names::latest},
         {unsynced::everything, names::latest}, {unsynced::some, names::synced},
         {unsynced::zeros, names::latest},      {unsynced::nothing, names::latest}};
  auto how = kinds[number % std::size(kinds)];
  how.seed = number;
  return how;
}

/// A mapped page that is never fsynced may reach the disk at any time or not at all, and its file
/// may be there and empty: the mark of a power failure is its newest, an older one, zeros or none.
void leave_mark(const std::optional<std::string>& newest, const fs::path& to, uint64_t number) {
  if (!newest)
    return;
  if (number % 3 == 0)
    write_file(to / "acknowledged", *newest);
  else if (number % 3 == 1)
    write_file(to / "acknowledged", std::string(24, '\0'));
}

std::optional<std::string> mark_in(const fs::path& folder) {
  const auto file = folder / "acknowledged";
  return fs::exists(file) ? std::optional{read_file(file)} : std::nullopt;
}

uint64_t commits_up_to(uint64_t sequence) {
  uint64_t commits = 0;
  for (uint64_t records = 0; records < sequence; ++commits)
    for (auto& append : scripted_commit(commits))
      records += append.records.size();
  return commits;
}

/// Cuts the power before every operation that changes something on the disk while the script runs.
std::deque<remains> cut_everywhere(bench& b) {
  std::deque<remains> all;
  std::mutex mutex;
  std::atomic<event_log*> at = nullptr;
  b.disk.watch([&] {
    std::lock_guard lock{mutex}; // of the writer and of RocksDB's own threads
    const auto number = all.size();
    auto* log = at.load();
    all.push_back({b.folder.path() / ("remains-" + std::to_string(number)),
                   log ? commits_up_to(log->last_sequence()) : 0, survival_of(number)});
    // First, since the writer may go on meanwhile: a mark may be older than what is left, not
    // newer.
    const auto mark = mark_in(b.path);
    b.disk.cut_power(all.back().path, all.back().how);
    leave_mark(mark, all.back().path, number / 6);
  });
  auto log = value_of(b.open());
  at = log.get();
  REQUIRE(run_script(*log, 0, commits_of_a_run).refused.empty());
  log.reset();
  b.disk.watch(nullptr);
  return all;
}

} // namespace

TEST_CASE("a power failure at any moment loses nothing acknowledged") {
  bench b;
  const auto all = cut_everywhere(b);
  REQUIRE(all.size() > 100);
  for (auto& left : all) {
    INFO(left.path << ": unsynced " << static_cast<int>(left.how.data) << ", names "
                   << static_cast<int>(left.how.entries) << ", " << left.commits << " commits");
    require_nothing_lost(left.path, left.commits);
  }
}

TEST_CASE("a disk that lied about its fsync is found out by the mark") {
  bench b;
  auto log = value_of(b.open());
  REQUIRE(run_script(*log, 0, 2).refused.empty());
  const auto safe = log->last_sequence();
  b.disk.inject({file_kind::wal, file_operation::sync, file_outcome::is_lost});
  REQUIRE(run_script(*log, 2, 3).refused.empty());
  REQUIRE(b.disk.fired());
  const auto lost = b.folder.path() / "lost";
  b.disk.cut_power(lost, {});
  leave_mark(mark_in(b.path), lost, 0);
  auto found = value_of(open_log(lost, small_buffers()));
  CHECK(require_scripted(*found) == 2);
  CHECK_THAT(found->warning(),
             Contains("ends at sequence " + std::to_string(safe)) && Contains("were acknowledged"));
}
