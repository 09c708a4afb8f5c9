#include "actors/migration.hpp"
#include "bench/fleet.hpp"
#include "bench/raw_log.hpp"
#include "bench/row.hpp"
#include "bench/support.hpp"

#include <fmt/format.h>

// bench_recover [migrations]: one migration of 31 events rebuilt from the log, as its actor does it
// when it is woken, beside a RocksDB that holds each record under a key of its own and reads the
// same 31 with one MultiGet. The migrations were written 10,000 at a time, so that their events lie
// far apart. Neither database has the blocks in its cache; the files are in the page cache, or not.

namespace {

using namespace skein;
using namespace skein::bench;

constexpr unsigned failed_attempts = 7; // 10 events of four steps, and 3 more for each
constexpr int samples = 200;

void make_log(store::event_log& log, uint64_t migrations) {
  const auto events = migrations * life{failed_attempts}.events();
  for (fleet from{10'000, failed_attempts}; log.last_sequence() < events;)
    for (auto& answer : log.commit(from.batch(1024)))
      if (!answer)
        give_up(answer.error().what);
}

std::vector<uint64_t> sequences_of(const store::log_reader& log, const std::string& stream) {
  std::vector<uint64_t> found;
  value_of(log.read_stream(stream, 1, [&](uint64_t, const store::stored& record) {
    found.push_back(record.sequence);
    return true;
  }));
  return found;
}

struct folders {
  std::filesystem::path log;
  std::filesystem::path copy;
};

void measure(const folders& in, uint64_t migrations, bool from_disk) {
  auto log = value_of(store::open_log(in.log));
  auto copy = raw_database::copy_of(*log, in.copy);
  std::mt19937_64 dice{7};
  std::vector<double> ours, theirs;
  for (int i = 0; i < samples; ++i) {
    const auto stream = life::stream(dice() % migrations);
    const auto sequences = [&] {
      auto other = value_of(store::open_log_read_only(in.log)); // leaves the log's cache alone
      return sequences_of(*other, stream);
    }();
    if (from_disk)
      forget_cached(in.log);
    ours.push_back(1e6 * seconds([&] { value_of(actors::recover(*log, stream)); }));
    if (from_disk)
      forget_cached(in.copy);
    theirs.push_back(1e6 * seconds([&] { copy.read(sequences); }));
  }
  print({fmt::format("one 31-event migration recovered, {}",
                     from_disk ? "files on disk only" : "files in the page cache"),
         median(ours), "us", "RocksDB reads the same 31 records", median(theirs), at_most(2)});
}

} // namespace

int main(int count, char** arguments) {
  const auto migrations = argument(count, arguments, 1, 50'000);
  work_folder folder;
  const auto log = folder.path() / "log";
  make_log(*value_of(store::open_log(log)), migrations + 10'000);
  measure({log, folder.path() / "warm"}, migrations, false);
  measure({log, folder.path() / "cold"}, migrations, true);
}
