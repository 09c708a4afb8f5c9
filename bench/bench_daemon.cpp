#include "bench/daemon.hpp"
#include "bench/row.hpp"
#include "bench/support.hpp"
#include "cluster/bus.hpp"
#include "cluster/subjects.hpp"
#include "events/record.hpp"
#include "events/status.hpp"
#include "store/event_log.hpp"

#include <fmt/format.h>
#include <map>
#include <thread>

// bench_daemon [migrations [slots]]: migrations of four steps through a whole daemon, the attempts
// in another process over NATS. The baseline is a bare loop without actors over what the daemon has
// written: the same events appended in batches of the same size, and the same status messages
// published through the same NATS server.

namespace {

using namespace skein;
using namespace skein::bench;
using namespace std::chrono_literals;

void wait_for(const whole_daemon& of, uint64_t completed) {
  while (of.count("completed") < completed)
    std::this_thread::sleep_for(20ms);
}

struct outcome {
  double seconds = 0;
  double daemon = 0, bus = 0, fleet = 0; ///< seconds of processor time

  double processors() const { return daemon + bus + fleet; }
};

outcome run_daemon(const std::filesystem::path& folder, uint64_t migrations, uint32_t slots) {
  write_workspace(folder, slots);
  const whole_daemon coordinator{folder};
  const process fleet{"idle_fleet", {folder.string(), coordinator.address().nats}};
  const auto bus = value_of(cluster::bus::connect({.url = coordinator.address().nats}));
  publish(*bus, {request_of(0, "first")});
  wait_for(coordinator, 1); // the worker is there
  std::vector<cluster::durable_message> all;
  for (uint64_t i = 1; i <= migrations; ++i)
    all.push_back(request_of(i, "bench"));
  const auto daemon_before = coordinator.processor_time();
  const auto bus_before = coordinator.processor_time_of_bus();
  const auto fleet_before = processor_time(fleet.id());
  outcome result;
  result.seconds = seconds([&] {
    publish(*bus, all);
    wait_for(coordinator, migrations + 1);
  });
  result.daemon = (coordinator.processor_time() - daemon_before).count();
  result.bus = (coordinator.processor_time_of_bus() - bus_before).count();
  result.fleet = (processor_time(fleet.id()) - fleet_before).count();
  return result;
}

/// What the daemon wrote: every event as an append of its own migration, and its status message.
struct written {
  std::vector<store::append> appends;
  std::vector<cluster::durable_message> messages;
};

written read_log(const std::filesystem::path& folder) {
  const auto log = value_of(store::open_log_read_only(folder));
  written result;
  std::map<std::string, uint64_t> versions;
  value_of(log->read(1, store::no_limit, [&](const store::stored& from) {
    const auto what = value_of(decode_record(from.bytes));
    auto& version = versions[what.migration];
    result.appends.push_back({what.migration, version++, {std::string{from.bytes}}});
    const auto dataset = what.migration.substr(0, what.migration.rfind('@'));
    const auto subject
        = value_of(cluster::subjects::status(dataset, migration::name_of(what.event)));
    result.messages.push_back(
        {subject, status_json(from.sequence, what), fmt::format("bare:{}", from.sequence)});
    return true;
  }));
  return result;
}

/// One thread, no actors: append a batch with one fsync, publish it, and go on.
outcome run_bare(const std::filesystem::path& folder, const written& what, std::size_t batch,
                 uint32_t slots) {
  const auto log = value_of(store::open_log(folder / "log"));
  write_workspace(folder, slots);
  const whole_daemon server{folder};
  const auto bus = value_of(cluster::bus::connect({.url = server.address().nats}));
  const auto bus_before = server.processor_time_of_bus();
  const auto before = processor_time(getpid());
  outcome result;
  result.seconds = seconds([&] {
    for (std::size_t from = 0; from < what.appends.size(); from += batch) {
      const auto count = std::min(batch, what.appends.size() - from);
      for (auto& answer : log->commit(std::span{what.appends}.subspan(from, count)))
        if (!answer)
          give_up(answer.error().what);
      publish(*bus, {what.messages.begin() + static_cast<std::ptrdiff_t>(from),
                     what.messages.begin() + static_cast<std::ptrdiff_t>(from + count)});
    }
  });
  result.daemon = (processor_time(getpid()) - before).count();
  result.bus = (server.processor_time_of_bus() - bus_before).count();
  return result;
}

} // namespace

int main(int count, char** arguments) {
  const auto migrations = argument(count, arguments, 1, 20'000);
  const auto slots = static_cast<uint32_t>(argument(count, arguments, 2, 512));
  const work_folder folder;
  const auto whole = run_daemon(folder.path() / "daemon", migrations, slots);
  const auto what = read_log(folder.path() / "daemon" / ".skein" / "log");
  const auto bare = run_bare(folder.path() / "bare", what, 256, slots);
  const auto thousands = static_cast<double>(migrations) / 1000;
  std::fprintf(stderr,
               "events %zu; seconds of processor time per 1,000 migrations: daemon %.3f, NATS "
               "%.3f, worker %.3f; "
               "bare loop %.3f, NATS %.3f\n",
               what.appends.size(), whole.daemon / thousands, whole.bus / thousands,
               whole.fleet / thousands, bare.daemon / thousands, bare.bus / thousands);
  print({"migrations of four steps, whole daemon", thousands * 1000 / whole.seconds, "migrations/s",
         "a bare loop", thousands * 1000 / bare.seconds, at_least(0.5)});
  print({"the same, processor time per 1,000", whole.processors() / thousands, "s", "a bare loop",
         bare.processors() / thousands, at_most(2)});
}
