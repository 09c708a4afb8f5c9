#include "bench/mixed_fleet.hpp"

#include "bench/fleet.hpp"
#include "cluster/http_client.hpp"
#include "events/record.hpp"
#include "store/event_log.hpp"

#include <fmt/format.h>
#include <fstream>

namespace skein::bench {

namespace {

using namespace std::chrono_literals;

constexpr auto spacing = 20ms;
constexpr uint64_t owners = 200;
constexpr uint64_t datasets = 2'000; ///< in the catalog

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
  explicit story(uint64_t number) : number_{number}, made_{mixed_id(number), 0, {}} {
    const auto subject = migration::subject{migration::subject_kind::dataset,
                                            fmt::format("dataset-{:07}", number), "v1", "v2"};
    give(migration::request{subject, flow(), fmt::format("scan-{}", number % 50)});
    for (std::size_t i = 0; !rests(now_.phase); ++i)
      attempt(i);
  }

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

store::append mixed_story(uint64_t number) { return story{number}.take(); }

/// Each dataset is made from the one with half its number: the first reaches all others.
void write_catalog(const std::filesystem::path& folder) {
  std::ofstream file{folder / "catalog" / "datasets.yaml"};
  for (uint64_t i = 1; i <= datasets; ++i) {
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

} // namespace

std::string mixed_id(uint64_t number) { return fmt::format("dataset-{:07}@v2", number); }

void wait_for_rest(const whole_daemon& coordinator, uint64_t migrations) {
  while (coordinator.count("completed") + coordinator.count("held") + coordinator.count("parked")
         < migrations)
    std::this_thread::sleep_for(50ms);
}

namespace {

/// How many events the status subject is behind the log, as /metrics says.
uint64_t status_lag(const whole_daemon& of) {
  const auto answer = value_of(
      cluster::http_call("GET", of.address().http + "/metrics", {}, {}, std::chrono::seconds{10}));
  const std::string name = "\nskein_cursor_lag_events{cursor=\"relay\"} ";
  const auto at = answer.body.find(name);
  if (at == std::string::npos)
    give_up("the daemon does not say how far the status subject is behind");
  return std::stoull(answer.body.substr(at + name.size()));
}

/// A new bus is given every status message there is, which takes both cores for minutes: that is
/// no part of what such a fleet does.
void wait_for_status(const whole_daemon& coordinator) {
  while (status_lag(coordinator) > 0)
    std::this_thread::sleep_for(200ms);
}

} // namespace

traffic::traffic(const std::string& nats, uint64_t first)
    : bus_{value_of(cluster::bus::connect({.url = nats}))}, thread_{[this, first] {
        auto next = std::chrono::steady_clock::now();
        for (auto number = first; !is_over_; ++number) {
          publish(*bus_, {request_of(number, "bench")});
          std::this_thread::sleep_until(next += spacing);
        }
      }} {}

traffic::~traffic() {
  is_over_ = true;
  thread_.join();
}

mixed_fleet::mixed_fleet(uint64_t migrations) {
  write_workspace(folder(), 64);
  write_catalog(folder());
  fill_log(folder() / ".skein" / "log", migrations, mixed_story);
  coordinator_.emplace(folder());
  wait_for_rest(coordinator(), migrations);
  wait_for_status(coordinator());
  const auto& nats = coordinator().address().nats;
  workers_.emplace("idle_fleet", std::vector{folder().string(), nats});
  under_way_.emplace(nats, migrations);
}

} // namespace skein::bench
