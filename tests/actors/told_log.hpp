#pragma once

#include "events/migration_id.hpp"
#include "events/record.hpp"
#include "store/event_log.hpp"

#include <catch2/catch.hpp>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace skein::actors::test {

inline constexpr migration::timestamp midnight
    = std::chrono::sys_days{std::chrono::year{2026} / 3 / 1};

/// The seed's workflow: four steps in a row.
inline workflow seed_flow() {
  using namespace std::chrono_literals;
  return {"dataset-migration",
          {{"discover", "dataset-scanner", {}, 15min, {}},
           {"validate-dependencies", "dependency-checker", {"discover"}, 15min, {}},
           {"execute-migration", "fleet-manager", {"validate-dependencies"}, 15min, {}},
           {"notify-consumers", "email-sender", {"execute-migration"}, 15min, {}}}};
}

/// A log written as a coordinator writes it: every order is decided on the state before it, and a
/// second passes with each.
class told_log {
public:
  explicit told_log(store::event_log& log) : log_{log} {}

  void give(const std::string& id, migration::order what, std::string actor = "tester",
            std::string reason = "") {
    auto& [now, version] = migrations_[id];
    migration::command cmd{midnight + std::chrono::seconds{++clock_}, std::move(actor),
                           std::move(reason), 0, std::move(what)};
    auto decision = decide(now, cmd);
    if (const auto* why = std::get_if<migration::rejection>(&decision))
      FAIL("refused: " << to_string(*why));
    const auto& events = std::get<std::vector<migration::event>>(decision);
    store::append next{id, version, {}};
    for (const auto& record : make_records(id, version, cmd, events)) {
      next.records.push_back(encode(record));
      now = evolve(std::move(now), record.event, record.at);
      ++version;
    }
    commit(next);
  }

  /// Bytes that are no record, as the migration's next event.
  void damage(const std::string& id) {
    auto& version = migrations_[id].second;
    commit({id, version++, {"this is not a record"}});
  }

  /// Asked for, and nothing else: from v1.
  std::string request(const std::string& dataset, const std::string& target = "v2",
                      const std::string& scan = "scan-1") {
    auto id = migration_id(dataset, target);
    give(id, migration::request{
                 {migration::subject_kind::dataset, dataset, "v1", target}, seed_flow(), scan});
    return id;
  }

  void start(const std::string& id, const std::string& step) {
    give(id, migration::start_attempt{step, "host/local", std::chrono::seconds{15}});
  }

  void finish(const std::string& id, const std::string& step,
              std::variant<migration::success, migration::setback> how) {
    const auto& now = state_of(id);
    const auto& running = now.steps.at(now.find(step).value());
    give(id, migration::finish_attempt{step, running.attempts, running.epoch, std::move(how)});
  }

  void succeed(const std::string& id, const std::string& step, std::string output = "{}",
               migration::labels labels = {}, std::string hold = "") {
    start(id, step);
    finish(id, step, migration::success{std::move(output), std::move(labels), std::move(hold)});
  }

  /// All four steps.
  std::string complete(const std::string& dataset) {
    auto id = request(dataset);
    for (const auto& step : seed_flow().steps)
      succeed(id, step.name, R"({"from":")" + step.name + "\"}", {{"owner", "group:default/film"}});
    return id;
  }

  const migration::state& state_of(const std::string& id) { return migrations_[id].first; }

private:
  void commit(const store::append& next) {
    const auto done = log_.commit({&next, 1});
    if (!done[0])
      FAIL(done[0].error().what);
  }

  store::event_log& log_;
  std::map<std::string, std::pair<migration::state, uint64_t>> migrations_;
  int clock_ = 0;
};

} // namespace skein::actors::test
