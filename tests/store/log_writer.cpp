#include "counter.hpp"
#include "store/event_log.hpp"

#include <cstdio>
#include <cstdlib>

/// log_writer <log folder> <counter file> <write buffer bytes>: commits batches until it is killed,
/// and notes in the counter the last sequence whose commit was answered. Every batch is one append
/// of `batch % 7 + 1` records to one of 50 streams and one of a single record to "hot"; each record
/// names its batch, so that a reader can tell whether a batch is whole.
int main(int, char** arguments) {
  using namespace skein::store;
  auto* acknowledged = test::map_counter(arguments[2]);
  log_options options;
  options.write_buffer_bytes = std::strtoull(arguments[3], nullptr, 10);
  auto log = open_log(arguments[1], options);
  if (!log || !acknowledged) {
    std::fprintf(stderr, "log_writer: %s\n", log ? "no counter" : log.error().what.c_str());
    return 1;
  }
  for (auto batch = *(*log)->stream_version("hot");; ++batch) {
    const auto stream = "stream-" + std::to_string(batch % 50);
    const auto record = std::to_string(batch) + ":" + std::string(200, 'x');
    const append appends[] = {
        {stream, *(*log)->stream_version(stream), std::vector(batch % 7 + 1, record)},
        {"hot", batch, {record}},
    };
    for (auto& answer : (*log)->commit(appends))
      if (!answer) {
        std::fprintf(stderr, "log_writer: %s\n", answer.error().what.c_str());
        return 1;
      }
    // Seldom written, so that it keeps write-ahead logs alive that are full.
    if (batch % 100 == 0)
      (*log)->put_snapshot("hot", {1, batch + 1, record});
    __atomic_store_n(acknowledged, (*log)->last_sequence(), __ATOMIC_RELEASE);
  }
}
