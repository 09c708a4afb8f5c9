#include "bench/daemon.hpp"
#include "bench/plain_file.hpp"
#include "bench/row.hpp"
#include "bench/support.hpp"
#include "cluster/subjects.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <fmt/format.h>
#include <map>
#include <mutex>
#include <thread>

// bench_latency [migrations]: migrations of four steps at 50 a second through a whole daemon, each
// from its request to the status message of its end. The baseline is what four steps cannot do
// without: four times an fsync and a round trip over NATS, each the median of its own kind.

namespace {

using namespace skein;
using namespace skein::bench;
using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

constexpr auto spacing = 20ms;
constexpr int samples = 300;

double milliseconds(clock::duration span) {
  return std::chrono::duration<double, std::milli>(span).count();
}

double fsync_ms(const std::filesystem::path& folder) {
  plain_file file{folder / "plain"};
  const store::append one{"bench", 0, {std::string(1024, 'x')}};
  std::vector<double> all;
  for (int i = 0; i < samples; ++i)
    all.push_back(1000 * seconds([&] { file.append({&one, 1}); }));
  return median(std::move(all));
}

double round_trip_ms(const std::string& url) {
  const auto there = value_of(cluster::bus::connect({.url = url}));
  const auto here = value_of(cluster::bus::connect({.url = url}));
  const auto echo = value_of(there->subscribe("bench.echo", {}, [&](const cluster::message& what) {
    (void)there->respond(what, what.data);
  }));
  std::vector<double> all;
  for (int i = 0; i < samples; ++i)
    all.push_back(1000 * seconds([&] { value_of(here->request("bench.echo", "x", 1s)); }));
  return median(std::move(all));
}

/// When each dataset's migration was completed.
class ends {
public:
  explicit ends(cluster::bus& bus)
      : heard_{value_of(bus.subscribe("skein.v1.status.*.completed", {}, [this](const auto& what) {
          const std::lock_guard lock{guard_};
          when_.emplace(what.subject, clock::now());
          more_.notify_all();
        }))} {}

  std::map<std::string, clock::time_point> wait_for(std::size_t count) {
    std::unique_lock lock{guard_};
    if (!more_.wait_for(lock, 60s, [&] { return when_.size() >= count; }))
      give_up("not every migration was completed");
    return when_;
  }

private:
  std::mutex guard_;
  std::condition_variable more_;
  std::map<std::string, clock::time_point> when_;
  cluster::subscription heard_;
};

std::string subject_of(const cluster::durable_message& request) {
  const auto number = request.message_id.substr(request.message_id.rfind('-') + 1);
  return value_of(
      cluster::subjects::status(fmt::format("dataset-{:07}", std::stoull(number)), "completed"));
}

} // namespace

int main(int count, char** arguments) {
  const auto migrations = argument(count, arguments, 1, 1'000);
  const work_folder folder;
  write_workspace(folder.path(), 16);
  const whole_daemon coordinator{folder.path()};
  const process fleet{"idle_fleet", {folder.path().string(), coordinator.address().nats}};
  const auto bus = value_of(cluster::bus::connect({.url = coordinator.address().nats}));
  ends heard{*bus};
  publish(*bus, {request_of(0, "first")});
  heard.wait_for(1); // the worker is there
  std::map<std::string, clock::time_point> asked;
  auto next = clock::now();
  for (uint64_t i = 1; i <= migrations; ++i) {
    std::this_thread::sleep_until(next += spacing);
    const auto what = request_of(i, "bench");
    asked[subject_of(what)] = clock::now();
    publish(*bus, {what});
  }
  std::vector<double> all;
  for (const auto& [subject, at] : heard.wait_for(migrations + 1))
    if (const auto found = asked.find(subject); found != asked.end())
      all.push_back(milliseconds(at - found->second));
  std::sort(all.begin(), all.end());
  const auto least = 4 * (fsync_ms(folder.path()) + round_trip_ms(coordinator.address().nats));
  const auto share = [&](double part) {
    return all[static_cast<std::size_t>(part * static_cast<double>(all.size() - 1))];
  };
  print({"latency of one migration at 50/s, median", share(0.5), "ms", "4 fsyncs and round trips",
         least, at_most(2)});
  print({"the same, 99th percentile", share(0.99), "ms", "4 fsyncs and round trips", least,
         at_most(5)});
}
