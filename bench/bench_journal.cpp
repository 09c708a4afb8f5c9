#include "bench/fleet.hpp"
#include "bench/plain_file.hpp"
#include "bench/row.hpp"
#include "bench/support.hpp"

#include <algorithm>
#include <fmt/format.h>

// bench_journal [seconds a row [events waiting...]]: how many events a second the log commits when
// so many wait, beside a plain file that takes the same bytes with one fdatasync a batch. Log and
// file take turns, round by round, and the median round of each counts: a disk that has a bad
// second has it for both.

namespace {

using namespace skein;
using namespace skein::bench;

constexpr size_t live = 10'000;
constexpr int rounds = 9;

struct turns {
  std::vector<double> log;
  std::vector<double> file;
};

/// Batches that take about a round's share of the seconds on a fast disk: enough events that
/// flushes fall into the measured time, and no more than are soon made.
std::vector<std::vector<store::append>> prepare(fleet& from, size_t waiting, double seconds) {
  const auto events = std::max<size_t>(waiting, static_cast<size_t>(seconds / rounds * 400'000));
  std::vector<std::vector<store::append>> batches;
  const size_t count
      = std::min<size_t>(events / waiting, static_cast<size_t>(seconds / rounds * 6'000));
  for (size_t i = 0; i < std::max<size_t>(count, 8); ++i)
    batches.push_back(from.batch(waiting));
  return batches;
}

void commit(store::event_log& log, const std::vector<store::append>& batch) {
  for (auto& answer : log.commit(batch))
    if (!answer)
      give_up(answer.error().what);
}

turns measure(size_t waiting, double seconds_a_row) {
  work_folder folder;
  auto log = value_of(store::open_log(folder.path() / "log"));
  plain_file file{folder.path() / "plain"};
  fleet from{live, 0};
  turns taken;
  for (int round = 0; round < rounds; ++round) {
    const auto batches = prepare(from, waiting, seconds_a_row);
    size_t events = 0;
    for (auto& batch : batches)
      events += events_in(batch);
    taken.log.push_back(events / seconds([&] {
                          for (auto& batch : batches)
                            commit(*log, batch);
                        }));
    taken.file.push_back(events / seconds([&] {
                           for (auto& batch : batches)
                             file.append(batch);
                         }));
  }
  return taken;
}

} // namespace

int main(int count, char** arguments) {
  const auto seconds_a_row = static_cast<double>(argument(count, arguments, 1, 5));
  std::vector<size_t> rows{1, 16, 128, 1024};
  if (count > 2)
    rows.clear();
  for (int i = 2; i < count; ++i)
    rows.push_back(argument(count, arguments, i, 0));
  for (auto waiting : rows) {
    const auto taken = measure(waiting, seconds_a_row);
    print({fmt::format("journal append, {} waiting", waiting), median(taken.log), "events/s",
           "the same bytes in a plain file, one fdatasync a batch", median(taken.file),
           at_least(0.5)});
  }
}
