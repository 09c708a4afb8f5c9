#include "bench/daemon.hpp"
#include "bench/fleet.hpp"
#include "bench/row.hpp"
#include "bench/support.hpp"
#include "cluster/http_client.hpp"
#include "events/record.hpp"
#include "store/event_log.hpp"

#include <atomic>
#include <fmt/format.h>
#include <fstream>
#include <thread>

// bench_list [migrations [rounds]]: what lists, one migration and the closure of consumers take
// over HTTP, with so many migrations stored and fifty more a second under way. The baseline is
// /healthz of the same daemon, in turns with them: what any answer costs.

namespace {

using namespace skein;
using namespace skein::bench;
using namespace std::chrono_literals;

constexpr uint64_t owners = 200;
constexpr uint64_t datasets_in_catalog = 2'000;
constexpr auto spacing = 20ms;
constexpr double most_ms = 50;

workflow four_steps() {
  workflow flow{"four-steps", {}};
  for (const auto* name : {"discover", "check", "migrate", "validate"}) {
    step next{name, "idle", {}, std::chrono::minutes{15}, {}};
    if (!flow.steps.empty())
      next.depends_on.push_back(flow.steps.back().name);
    flow.steps.push_back(std::move(next));
  }
  return flow;
}

/// One migration's records up to where it rests: of ten, one is parked, one held, the rest done.
class story {
public:
  explicit story(uint64_t number) : number_{number}, made_{id(number), 0, {}} {
    const auto subject = migration::subject{migration::subject_kind::dataset,
                                            fmt::format("dataset-{:07}", number), "v1", "v2"};
    give(migration::request{subject, flow(), fmt::format("scan-{}", number % 50)});
    for (std::size_t i = 0; !rests(now_.phase); ++i)
      attempt(i);
  }

  static std::string id(uint64_t number) { return fmt::format("dataset-{:07}@v2", number); }

  store::append take() { return std::move(made_); }

private:
  static const workflow& flow() {
    static const auto whole = four_steps();
    return whole;
  }

  void attempt(std::size_t i) {
    const auto& name = flow().steps[i].name;
    give(migration::start_attempt{name, "worker-07", 30s});
    migration::finish_attempt end{
        name, now_.steps[i].attempts, now_.epoch,
        migration::success{
            R"({"rows": 104729, "bytes": 8388608})",
            {{"owner", fmt::format("team-{}", number_ % owners)}, {"storage", "lake"}},
            ""}};
    if (number_ % 10 == 1 && i == 2)
      end.outcome = migration::setback{error_class::permanent,
                                       fmt::format("row {}, column \"c{}\": cannot convert to {}",
                                                   number_ * 7, number_ % 13,
                                                   number_ % 20 == 1 ? "DATE" : "DECIMAL(18,2)")};
    if (number_ % 10 == 2 && i == 1)
      std::get<migration::success>(end.outcome).hold
          = fmt::format("report-{} reads a column that is dropped", number_);
    give(std::move(end));
  }

  void give(migration::order what) {
    at_ += 1234ms;
    const migration::command cmd{at_, "coordinator", "", 42, std::move(what)};
    const auto answer = decide(now_, cmd);
    const auto* caused = std::get_if<std::vector<migration::event>>(&answer);
    if (!caused)
      give_up("an order of the benchmark's migration was refused");
    for (auto& record : make_records(made_.stream, made_.records.size(), cmd, *caused)) {
      made_.records.push_back(encode(record));
      now_ = evolve(std::move(now_), record.event, record.at);
    }
  }

  uint64_t number_;
  migration::timestamp at_ = std::chrono::sys_days{std::chrono::year{2026} / 3 / 1};
  migration::state now_;
  store::append made_;
};

void write_contract(const std::filesystem::path& folder, uint64_t number) {
  const auto home = folder / "contracts" / fmt::format("t{}", number);
  std::filesystem::create_directory(home);
  std::ofstream{home / "v1.odcs.yaml"} << fmt::format(
      "apiVersion: v3.0.2\nkind: DataContract\nid: bench.t{0}\nname: t{0}\nversion: v1\n"
      "status: active\nservers: [{{server: s, type: local, path: t{0}.json, format: json}}]\n"
      "schema: [{{name: t, properties: [{{name: x, logicalType: integer, physicalType: "
      "BIGINT}}]}}]\n",
      number);
}

/// Each dataset is made from the one with half its number: the first reaches all others.
void write_catalog(const std::filesystem::path& folder) {
  std::ofstream file{folder / "catalog" / "datasets.yaml"};
  for (uint64_t i = 1; i <= datasets_in_catalog; ++i) {
    write_contract(folder, i);
    file << fmt::format(
        "apiVersion: backstage.io/v1alpha1\nkind: Resource\nmetadata:\n  name: t{}\n"
        "  annotations: {{skein.io/current-version: v1}}\n"

        "spec:\n  type: dataset\n  owner: team-{}\n",
        i, i % owners);
    if (i > 1)
      file << fmt::format("  dependsOn: [resource:t{}]\n", i / 2);
    file << "---\n";
  }
  for (uint64_t i = 0; i < owners; ++i)
    file << fmt::format(
        "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {{name: team-{}}}\n"
        "spec: {{type: team, children: []}}\n---\n",
        i);
}

/// Has migrations asked for one after the other until it goes out of scope.
class traffic {
public:
  traffic(const std::string& nats, uint64_t first)
      : bus_{value_of(cluster::bus::connect({.url = nats}))}, thread_{[this, first] {
          auto next = std::chrono::steady_clock::now();
          for (auto number = first; !is_over_; ++number) {
            publish(*bus_, {request_of(number, "bench")});
            std::this_thread::sleep_until(next += spacing);
          }
        }} {}
  ~traffic() {
    is_over_ = true;
    thread_.join();
  }
  traffic(const traffic&) = delete;
  traffic& operator=(const traffic&) = delete;

private:
  std::unique_ptr<cluster::bus> bus_;
  std::atomic<bool> is_over_{false};
  std::thread thread_;
};

double call_ms(const std::string& url) {
  cluster::http_response answer;
  const auto took = seconds(
      [&] { answer = value_of(cluster::http_call("GET", url, {}, {}, std::chrono::seconds{30})); });
  if (answer.status != 200)
    give_up(url + " answers " + std::to_string(answer.status) + ": " + answer.body);
  return 1000 * took;
}

double share_of(std::vector<double> all, double part) {
  std::sort(all.begin(), all.end());
  return all[static_cast<std::size_t>(part * static_cast<double>(all.size() - 1))];
}

struct question {
  std::string name, path;
  std::vector<double> times;
};

} // namespace

int main(int count, char** arguments) {
  const auto migrations = argument(count, arguments, 1, 100'000);
  const auto rounds = argument(count, arguments, 2, 200);
  const work_folder folder;
  write_workspace(folder.path(), 64);
  write_catalog(folder.path());
  fill_log(folder.path() / ".skein" / "log", migrations,
           [](uint64_t i) { return story{i}.take(); });
  const whole_daemon coordinator{folder.path()};
  while (coordinator.count("completed") + coordinator.count("held") + coordinator.count("parked")
         < migrations)
    std::this_thread::sleep_for(50ms);
  const process fleet{"idle_fleet", {folder.path().string(), coordinator.address().nats}};
  const traffic under_way{coordinator.address().nats, migrations};
  while (coordinator.count("completed") + coordinator.count("held") + coordinator.count("parked")
         < migrations + 10)
    std::this_thread::sleep_for(50ms);

  const auto lists = "/v1/migrations";
  std::vector<question> all{
      {"one migration", lists + ("/" + story::id(migrations / 2)), {}},
      {"list, by id", lists, {}},
      {"list, state=parked", lists + std::string{"?state=parked"}, {}},
      {"list, state=running", lists + std::string{"?state=running"}, {}},
      {"list, owner", lists + std::string{"?owner=team-7"}, {}},
      {"list, text", lists + std::string{"?text=cannot+convert+to+DATE"}, {}},
      {"list, text that none has", lists + std::string{"?text=nobody+says+this"}, {}},
      {"list, dataset=*-00999*", lists + std::string{"?dataset=*-00999*"}, {}},
      {"list, dataset=dataset-0099*", lists + std::string{"?dataset=dataset-0099*"}, {}},
      {"list, sort=-changed", lists + std::string{"?sort=-changed"}, {}},
      {"list, state=held&sort=owner", lists + std::string{"?state=held&sort=owner"}, {}},
      {"failures, grouped", "/v1/failures", {}},
      {"consumers, 2,000 in all", "/v1/datasets/t1/consumers?depth=all", {}},
      {"consumers, 30", "/v1/datasets/t64/consumers?depth=all", {}},
  };
  question baseline{"healthz", "/healthz", {}};
  for (uint64_t i = 0; i < rounds; ++i)
    for (auto& each : all) {
      baseline.times.push_back(call_ms(coordinator.address().http + baseline.path));
      each.times.push_back(call_ms(coordinator.address().http + each.path));
    }
  for (const auto& each : all) {
    std::fprintf(stderr, "%-30s p50 %.1f ms, p99 %.1f ms; healthz %.2f and %.2f\n",
                 each.name.c_str(), share_of(each.times, 0.5), share_of(each.times, 0.99),
                 share_of(baseline.times, 0.5), share_of(baseline.times, 0.99));
    print({each.name + ", median", share_of(each.times, 0.5), "ms", "/healthz",
           share_of(baseline.times, 0.5), at_most(most_ms / share_of(baseline.times, 0.5))});
    print({each.name + ", 99th percentile", share_of(each.times, 0.99), "ms", "50 ms", most_ms,
           at_most(1)});
  }
}
