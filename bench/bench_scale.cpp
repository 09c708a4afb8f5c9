#include "actors/migration.hpp"
#include "bench/fleet.hpp"
#include "bench/row.hpp"
#include "bench/support.hpp"

#include <fmt/format.h>

// bench_scale [migrations]: what one migration of four steps costs the log when 1,000, 10,000,
// 100,000 and 1 million are stored already: all of its appends, 128 events a commit; and its
// recovery once it is completed. The baseline is the cost at 1,000.

namespace {

using namespace skein;
using namespace skein::bench;

constexpr size_t waiting = 128;
constexpr uint64_t sample = 1'000; // migrations that are measured at each size
constexpr int rounds = 5;

void commit(store::event_log& log, const std::vector<store::append>& batch) {
  for (auto& answer : log.commit(batch))
    if (!answer)
      give_up(answer.error().what);
}

struct costs {
  double append;
  double recover;
};

/// The median round's microseconds a migration.
costs measure(store::event_log& log, fleet& from, uint64_t stored) {
  std::vector<double> append, recover;
  std::mt19937_64 dice{stored};
  for (int round = 0; round < rounds; ++round) {
    std::vector<std::vector<store::append>> batches;
    for (uint64_t events = 0; events < sample * life{0}.events(); events += waiting)
      batches.push_back(from.batch(waiting));
    append.push_back(1e6 / sample * seconds([&] {
                       for (auto& batch : batches)
                         commit(log, batch);
                     }));
    recover.push_back(1e6 / sample * seconds([&] {
                        for (uint64_t i = 0; i < sample; ++i)
                          value_of(actors::recover(log, life::stream(dice() % stored)));
                      }));
  }
  return {median(append), median(recover)};
}

void grow(store::event_log& log, fleet& from, uint64_t migrations) {
  while (log.last_sequence() < migrations * life{0}.events())
    commit(log, from.batch(1024));
}

void report(std::string_view what, uint64_t stored, double cost, double first) {
  print({fmt::format("{}, {} stored", what, stored), cost, "us", "with 1000 stored", first,
         at_most(1.15)});
}

} // namespace

int main(int count, char** arguments) {
  const auto most = argument(count, arguments, 1, 1'000'000);
  work_folder folder;
  auto log = value_of(store::open_log(folder.path()));
  fleet from{500, 0};
  std::optional<costs> first;
  for (uint64_t stored = 1'000; stored <= most; stored *= 10) {
    grow(*log, from, stored);
    const auto now = measure(*log, from, stored);
    if (!first)
      first = now;
    report("one migration appended", stored, now.append, first->append);
    report("one migration recovered", stored, now.recover, first->recover);
  }
}
