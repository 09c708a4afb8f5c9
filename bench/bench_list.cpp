#include "bench/mixed_fleet.hpp"
#include "bench/row.hpp"
#include "bench/support.hpp"
#include "cluster/http_client.hpp"

#include <thread>

// bench_list [migrations [rounds]]: what lists, one migration and the closure of consumers take
// over HTTP, with so many migrations stored and fifty more a second under way. The baseline is
// /healthz of the same daemon, in turns with them: what any answer costs.

namespace {

using namespace skein;
using namespace skein::bench;
using namespace std::chrono_literals;

constexpr double most_ms = 50;

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
  const mixed_fleet fleet{migrations};
  const auto& coordinator = fleet.coordinator();
  wait_for_rest(coordinator, migrations + 10);

  const auto lists = "/v1/migrations";
  std::vector<question> all{
      {"one migration", lists + ("/" + mixed_id(migrations / 2)), {}},
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
