#pragma once

#include "actors/worker.hpp"
#include "tests/actors/actor_fixture.hpp"
#include "tests/actors/recording_runner.hpp"

namespace skein::actors::test {

using namespace std::chrono_literals;

inline constexpr std::chrono::milliseconds ttl = 15s;

inline bus::assignment work_for(const std::string& dataset, uint64_t epoch = 1) {
  bus::assignment work;
  work.migration = dataset + "@v2";
  work.subject = {migration::subject_kind::dataset, dataset, "v1", "v2"};
  work.step = "discover";
  work.agent = "dataset-scanner";
  work.attempt = 1;
  work.epoch = epoch;
  work.lease_ttl = ttl;
  work.command = {"dataset-scanner"};
  return work;
}

/// A worker whose ports and runs the test answers itself.
struct worker_fixture : ::tests::actor_fixture {
  recorded_port<bus::lease_request, bus::lease_reply> lease;
  recorded_port<bus::report, bus::report_reply> report;
  recorded_port<bus::heartbeat, bus::heartbeat_reply> heartbeat;
  std::vector<bus::agent_line> said;
  std::shared_ptr<recording_runner> runs = std::make_shared<recording_runner>();
  worker_actor hdl = own(
      sys.spawn(worker, worker_options{2, ttl, 10s, 5s, 3s},
                worker_ports{lease.port(), report.port(), heartbeat.port(),
                             [this](bus::agent_line line) { said.push_back(std::move(line)); }},
                worker_facts{"host/local", "/bin", "/w", "/w/work", {}}, runs));

  bool is_down = false;

  worker_fixture() {
    self->monitor(hdl);
    settle();
  }

  void answer_heartbeat(expected<bus::heartbeat_reply> reply = bus::heartbeat_reply{}) {
    heartbeat.answer(std::move(reply));
    settle();
  }
  void give(std::vector<bus::assignment> work) {
    lease.answer(bus::lease_reply{std::move(work)});
    settle();
  }
  void answer_report(std::vector<bus::report_reply::verdict> verdicts) {
    report.answer(bus::report_reply{std::move(verdicts)});
    settle();
  }
  /// Introduces the worker and gives it its first work.
  void begin(std::vector<bus::assignment> work) {
    answer_heartbeat();
    give(std::move(work));
  }
  void end(std::size_t run, std::variant<migration::success, migration::setback> how) {
    runs->all.at(run)->end(std::move(how));
    settle();
  }
  /// Lets time pass while the coordinator answers every heartbeat.
  void pass_in_touch(std::chrono::milliseconds span) {
    for (; span.count() > 0; span -= 1s) {
      pass(1s);
      while (heartbeat.open() > 0)
        answer_heartbeat();
    }
  }
  bool is_alive() {
    self->receive([this](const caf::down_msg&) { is_down = true; }, caf::after(0s) >> [] {});
    return !is_down;
  }
};

} // namespace skein::actors::test
