#include "bench/fleet.hpp"
#include "bench/support.hpp"
#include "events/decode_event.hpp"
#include "events/record.hpp"

#include <benchmark/benchmark.h>

// bench_codec [Google Benchmark's options]: what one event of an ordinary migration costs to write,
// to read and to fold. No row of the table: the small change behind the rows of journal and replay.

namespace {

using namespace skein;
using namespace skein::bench;

/// The bytes and the records of one life.
struct history {
  std::vector<std::string> bytes;
  std::vector<record> records;

  history() {
    const life one{0};
    for (size_t turn = 0; turn < one.size(); ++turn)
      for (auto& each : one.append(0, turn).records) {
        bytes.push_back(each);
        records.push_back(value_of(decode_record(each)));
      }
  }
};

const history of_one;

void each_event(benchmark::State& state, auto&& work) {
  for (size_t i = 0; auto _ : state)
    work(i++ % of_one.records.size());
  state.SetItemsProcessed(state.iterations());
}

void encode_record(benchmark::State& state) {
  each_event(state, [](size_t i) { benchmark::DoNotOptimize(encode(of_one.records[i])); });
}
BENCHMARK(encode_record);

void decode_whole_record(benchmark::State& state) {
  each_event(state, [](size_t i) { benchmark::DoNotOptimize(decode_record(of_one.bytes[i])); });
}
BENCHMARK(decode_whole_record);

void decode_event_only(benchmark::State& state) {
  each_event(state, [](size_t i) { benchmark::DoNotOptimize(decode_event(of_one.bytes[i])); });
}
BENCHMARK(decode_event_only);

void evolve_state(benchmark::State& state) {
  migration::state now;
  each_event(state, [&](size_t i) {
    now = evolve(std::move(now), of_one.records[i].event, of_one.records[i].at);
  });
}
BENCHMARK(evolve_state);

} // namespace

BENCHMARK_MAIN();
