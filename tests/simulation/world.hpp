#pragma once

#include "tests/actors/actor_fixture.hpp"
#include "tests/simulation/coordinator_process.hpp"
#include "tests/simulation/liar.hpp"
#include "tests/simulation/notifier_process.hpp"
#include "tests/simulation/wire.hpp"
#include "tests/simulation/worker_process.hpp"

#include <caf/scheduler/test_coordinator.hpp>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace skein::simulation {

/// How a simulation went.
struct outcome {
  std::optional<violation> broken;
  std::vector<std::string> log; ///< the bytes of every record
  std::deque<std::string> story;
  uint64_t steps = 0;                ///< messages handled
  uint64_t crashes = 0;              ///< of the coordinator
  std::chrono::milliseconds time{0}; ///< that passed in it
};

/// A whole Skein in one thread: the real actors of every role under CAF's test coordinator, a
/// simulated bus between them, and whoever asks, orders and lies. A step is one message that one
/// actor handles, or time that passes; which actor, and how much, is drawn.
class world {
public:
  world(const plan& given, std::size_t story_lines);
  ~world();

  outcome run();

private:
  void step();
  void run_one_job();
  void pass_time();
  void tend();

  bool strikes();
  void crash();
  void start_coordinator();
  void start_worker(std::size_t index);
  void start_notifier();
  void start_liars();
  void lie(const std::shared_ptr<liar>& who);

  void schedule_requests();
  void request(std::size_t dataset);
  void order_around();
  void resume_all();
  void disturb_workers();
  void kill_worker(std::size_t index);
  void replace_worker(std::size_t index);
  void partition_somebody();
  void settle_down();
  void read_status();
  bool is_over();

  template <class Reply, class Call>
  auto port(const std::string& peer, std::chrono::milliseconds patience);
  actors::worker_ports ports_of(const std::string& peer);
  worker_lines lines_of(const std::string& peer);

  environment env_;
  simulation::wire wire_{env_};
  simulation::disk disk_{env_};
  std::shared_ptr<const store::log_reader> reader_ = disk_.reader();
  invariants checks_;
  durable_stream actions_{env_, "actions"}, notices_{env_, "notices"}, status_{env_, "status"};
  streams streams_{actions_, notices_, status_};
  tests::testing_config config_;
  caf::actor_system system_{config_};
  caf::scheduler::test_coordinator& jobs_
      = dynamic_cast<caf::scheduler::test_coordinator&>(system_.scheduler());

  std::unique_ptr<coordinator_process> coordinator_;
  std::vector<std::unique_ptr<worker_process>> workers_;
  std::unique_ptr<notifier_process> notifier_;
  std::vector<std::shared_ptr<liar>> liars_;

  migration::timestamp tended_{};
  std::size_t status_read_ = 0;
  uint64_t starved_ = 0; ///< id of the actor that is not run for now; 0: none
  uint64_t starved_until_ = 0;
  outcome result_;
};

/// Runs the simulation of one seed.
outcome simulate(uint64_t seed, std::size_t story_lines = 0);

} // namespace skein::simulation
