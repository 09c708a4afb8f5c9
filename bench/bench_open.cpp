#include "bench/fleet.hpp"
#include "bench/raw_log.hpp"
#include "bench/row.hpp"
#include "bench/support.hpp"

#include <fmt/format.h>

// bench_open [streams]: opening a log with that many migrations under way, each in the middle of
// its life, beside a bare RocksDB opening the same folder for reading. Once after a clean end, and
// once as a machine that stopped without warning leaves it: a copy of the folder of an open log.

namespace {

using namespace skein;
using namespace skein::bench;

constexpr size_t turns = 3; // of ten: the request and the first attempt
constexpr int rounds = 5;

void commit(store::event_log& log, std::vector<store::append>& batch) {
  for (auto& answer : log.commit(batch))
    if (!answer)
      give_up(answer.error().what);
  batch.clear();
}

/// Writes and ends the log, after a copy to `stopped`.
void make_log(const std::filesystem::path& folder, const std::filesystem::path& stopped,
              uint64_t streams) {
  auto log = value_of(store::open_log(folder));
  const life one{0};
  std::vector<store::append> batch;
  for (size_t turn = 0; turn < turns; ++turn)
    for (uint64_t id = 0; id < streams; ++id) {
      batch.push_back(one.append(id, turn));
      if (batch.size() == 1024)
        commit(*log, batch);
    }
  commit(*log, batch);
  std::filesystem::copy(folder, stopped, std::filesystem::copy_options::recursive);
}

void measure(const std::filesystem::path& folder, std::string_view after, bool ours_first_only) {
  std::vector<double> ours, theirs;
  for (int round = 0; round < (ours_first_only ? 1 : rounds); ++round) {
    theirs.push_back(1e3 * seconds([&] { raw_database::of_log(folder); }));
    std::unique_ptr<store::event_log> log;
    ours.push_back(1e3 * seconds([&] { log = value_of(store::open_log(folder)); }));
  }
  print({fmt::format("opening the log {}", after), median(ours), "ms",
         "RocksDB opens the same folder", median(theirs), at_most(2)});
}

} // namespace

int main(int count, char** arguments) {
  const auto streams = argument(count, arguments, 1, 1'000'000);
  work_folder folder;
  const auto log = folder.path() / "log", stopped = folder.path() / "stopped";
  make_log(log, stopped, streams);
  measure(log, fmt::format("of {} open migrations", streams), false);
  measure(stopped, "of as many after a crash", true);
}
