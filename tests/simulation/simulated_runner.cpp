#include "tests/simulation/simulated_runner.hpp"

namespace skein::simulation {

namespace {

using namespace std::chrono_literals;

/// One run: ends at the time that was drawn for it, or some time after it was told to stop.
class simulated_run : public actors::run {
public:
  simulated_run(environment& world, actors::run_callbacks out)
      : world_{world}, about_{std::make_shared<state>(state{std::move(out), false})} {}

  /// Whoever lets go of a run has killed it: nobody is told any more.
  ~simulated_run() override { about_->is_over = true; }

  void end_after(std::chrono::milliseconds wait,
                 std::variant<migration::success, migration::setback> how) {
    world_.after(wait, [about = about_, how = std::move(how)] {
      if (!std::exchange(about->is_over, true))
        about->out.ended({how, {}});
    });
  }

  void stop(std::chrono::milliseconds grace) override {
    end_after(world_.dice.between(0ms, grace),
              migration::setback{error_class::lost, "it was told to stop"});
  }

private:
  struct state {
    actors::run_callbacks out;
    bool is_over;
  };

  environment& world_;
  std::shared_ptr<state> about_;
};

migration::success draw_success(environment& world, const std::string& agent) {
  migration::success how{R"({"n":)" + std::to_string(world.dice.below(1000)) + "}", {}, {}};
  if (agent == "dataset-scanner")
    how.labels = {{"owner", "owner-" + std::to_string(world.dice.below(3))},
                  {"storage", "storage-" + std::to_string(world.dice.below(2))}};
  if (!world.calm && world.given.agents_hold && world.dice.percent(10))
    how.hold = "somebody must look at this";
  return how;
}

} // namespace

std::variant<migration::success, migration::setback> draw_outcome(environment& world,
                                                                  const std::string& agent) {
  if (world.given.agents_fail && world.trouble(30))
    return migration::setback{static_cast<error_class>(world.dice.between(1, error_class_count)),
                              "simulated failure"};
  return draw_success(world, agent);
}

tl::expected<std::unique_ptr<actors::run>, migration::setback>
simulated_runner::start(actors::launch what, actors::run_callbacks out) {
  if (world_.given.agents_fail && world_.trouble(3))
    return tl::unexpected{migration::setback{error_class::transient, "it could not be started"}};
  auto begun = std::make_unique<simulated_run>(world_, std::move(out));
  const auto hangs = world_.given.agents_fail && world_.trouble(3);
  if (hangs && what.limits.wall.count() > 0)
    begun->end_after(what.limits.wall, migration::setback{error_class::timeout, "it hangs"});
  if (!hangs)
    begun->end_after(world_.dice.between(0ms, 3000ms), draw_outcome(world_, what.agent));
  return begun;
}

} // namespace skein::simulation
