#include "bench/fleet.hpp"
#include "bench/raw_log.hpp"
#include "bench/row.hpp"
#include "bench/support.hpp"
#include "events/decode_event.hpp"
#include "events/log.pb.h"
#include "events/record.hpp"
#include "store/chunk.hpp"
#include "store/varint.hpp"

#include <fmt/format.h>
#include <unordered_map>

// bench_replay [events]: the whole log folded into the states of all migrations, beside a bare
// RocksDB iterator over the same tables whose records are parsed as Protobuf and thrown away. The
// state of a migration is let go when it is completed. The files are in the page cache for both.

namespace {

using namespace skein;
using namespace skein::bench;

constexpr size_t live = 10'000;
constexpr int rounds = 3;

uint64_t make_log(const std::filesystem::path& folder, uint64_t events) {
  auto log = value_of(store::open_log(folder));
  for (fleet from{live, 0}; log->last_sequence() < events;)
    for (auto& answer : log->commit(from.batch(1024)))
      if (!answer)
        give_up(answer.error().what);
  return log->last_sequence();
}

uint64_t replay(const store::log_reader& log) {
  std::unordered_map<std::string, migration::state> states;
  uint64_t completed = 0;
  value_of(log.read(1, store::no_limit, [&](const store::stored& stored) {
    auto what = value_of(decode_event(stored.bytes));
    auto& now = states[std::string{what.migration}];
    now = evolve(std::move(now), what.event, what.at);
    if (now.phase == migration::phase::completed)
      completed += states.erase(std::string{what.migration});
    return true;
  }));
  return completed + states.size();
}

uint64_t iterate_and_parse(const raw_database& log) {
  uint64_t parsed = 0;
  v1::Record record; // its memory is used again
  log.each_chunk([&](uint64_t first, std::string_view value) {
    auto chunk = store::chunk_reader::over(first, value);
    while (auto append = chunk->next())
      while (auto bytes = store::take_text(append->records))
        parsed += record.ParseFromArray(bytes->data(), static_cast<int>(bytes->size()));
  });
  return parsed;
}

} // namespace

int main(int count, char** arguments) {
  work_folder folder;
  const auto log = folder.path() / "log";
  const auto events = make_log(log, argument(count, arguments, 1, 10'000'000));
  const auto opened = value_of(store::open_log_read_only(log));
  const auto bare = raw_database::of_log(log);
  std::vector<double> ours, theirs;
  for (int round = 0; round < rounds; ++round) {
    theirs.push_back(events / seconds([&] {
                       if (iterate_and_parse(bare) != events)
                         give_up("the baseline could not parse all events");
                     }));
    ours.push_back(events / seconds([&] { replay(*opened); }));
  }
  print(
      {fmt::format("replay of {:.3g} million events into state", static_cast<double>(events) / 1e6),
       median(ours), "events/s", "RocksDB iterator and Protobuf parse of the same log",
       median(theirs), at_least(0.7)});
}
