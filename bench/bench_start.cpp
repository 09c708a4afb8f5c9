#include "bench/daemon.hpp"
#include "bench/fleet.hpp"
#include "bench/row.hpp"
#include "bench/support.hpp"
#include "store/view_store.hpp"

#include <fmt/format.h>
#include <optional>
#include <thread>

// bench_start [migrations]: a daemon starts on a log in which so many migrations are open and wait
// for a worker: seconds until it accepts requests, and its resident memory once it is
// at rest. The baseline is
// opening its log and its view with RocksDB and nothing else.

namespace {

using namespace skein;
using namespace skein::bench;

constexpr std::size_t appends_at_once = 1'000;

void fill(const std::filesystem::path& folder, uint64_t migrations) {
  const auto log = value_of(store::open_log(folder));
  const life story{0};
  std::vector<store::append> batch;
  for (uint64_t i = 0; i < migrations; ++i) {
    batch.push_back(story.append(i, 0)); // requested, and nothing more
    if (batch.size() < appends_at_once && i + 1 < migrations)
      continue;
    for (auto& answer : log->commit(batch))
      if (!answer)
        give_up(answer.error().what);
    batch.clear();
  }
}

/// Once what may be awake is awake: when memory has not grown for a second.
uint64_t settled_bytes(const whole_daemon& of) {
  for (auto before = of.resident_bytes();;) {
    std::this_thread::sleep_for(std::chrono::seconds{1});
    if (const auto now = of.resident_bytes(); std::exchange(before, now) >= now)
      return now;
  }
}

} // namespace

int main(int count, char** arguments) {
  const auto migrations = argument(count, arguments, 1, 1'000'000);
  const work_folder folder;
  const auto state = folder.path() / ".skein";
  write_workspace(folder.path(), 1);
  fill(state / "log", migrations);
  { const whole_daemon first{folder.path()}; } // makes the view
  const auto bare = seconds([&] {
    const auto log = value_of(store::open_log(state / "log"));
    const auto view = value_of(store::open_view(state / "view"));
  });
  std::optional<whole_daemon> second;
  const auto started = seconds([&] { second.emplace(folder.path()); });
  const auto resident = static_cast<double>(settled_bytes(*second)) / (1 << 20);
  print({fmt::format("start with {} open migrations", migrations), started, "s",
         "opening log and view", bare, at_most(2)});
  print({"resident memory soon after", resident, "MiB", "300 MiB", 300, at_most(1)});
}
