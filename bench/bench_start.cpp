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
  fill_log(state / "log", migrations, [story = life{0}](uint64_t i) {
    return story.append(i, 0); // requested, and nothing more
  });
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
