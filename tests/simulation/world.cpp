#include "tests/simulation/world.hpp"

#include "actors/relay.hpp"

#include <algorithm>
#include <caf/local_actor.hpp>

namespace skein::simulation {

namespace {

using namespace std::chrono_literals;

/// How long everything may take to come to rest once faults have stopped: leases that nobody holds
/// have to run out, and what was answered with "again" comes again after some minutes at most.
constexpr std::chrono::minutes rest_within{30};

/// The actors' clocks tick at least this often.
constexpr std::chrono::microseconds stride = 50ms;

/// How often what hangs on the bus is looked after: streams are fetched from, status is read.
constexpr std::chrono::milliseconds tend_every = 100ms;

/// A simulation that handles so many messages runs in circles.
constexpr uint64_t steps_max = 3'000'000;

caf::local_actor* actor_of(caf::resumable* job) { return dynamic_cast<caf::local_actor*>(job); }

} // namespace

world::world(const plan& given, std::size_t story_lines)
    : env_{given, story_lines}, checks_{*reader_, given.limits, {telling_agent}} {
  schedule_requests();
  start_coordinator();
  for (std::size_t i = 0; i < given.workers; ++i)
    start_worker(i);
  start_notifier();
  start_liars();
  if (given.operators)
    order_around();
  if (given.workers_die || given.notifier_dies)
    disturb_workers();
  if (given.bus.partitions)
    partition_somebody();
  env_.after(given.chaos, [this] { settle_down(); });
}

world::~world() {
  coordinator_.reset();
  workers_.clear();
  notifier_.reset();
  // What is left of the dead, and whoever still waits for an answer of theirs, holds the actor
  // system up until it has noticed.
  jobs_.run();
  jobs_.advance_time(std::chrono::minutes{1});
  jobs_.run();
}

outcome world::run() {
  while (!checks_.first() && !is_over())
    step();
  if (!checks_.first())
    checks_.check_end(disk_.view());
  result_.broken = checks_.first();
  result_.log = checks_.book().records();
  result_.story = env_.story.lines();
  result_.time = std::chrono::floor<std::chrono::milliseconds>(env_.now - env_.begun);
  return std::move(result_);
}

// -- steps ------------------------------------------------------------------------------------

void world::step() {
  ++result_.steps;
  if (strikes())
    crash();
  else if (jobs_.has_job() && !(!env_.calm && env_.dice.one_in(300)))
    run_one_job();
  else
    pass_time();
  if (coordinator_ && !coordinator_->failure().empty())
    crash();
  checks_.check();
  if (result_.steps % 64 == 0)
    checks_.check_recovery(result_.steps / 64);
  if (result_.steps % 512 == 0)
    checks_.check_view(disk_.view());
}

/// One message of an actor that is drawn among all that have one.
void world::run_one_job() {
  auto& jobs = jobs_.jobs;
  auto at = env_.dice.below(jobs.size());
  if (result_.steps < starved_until_)
    for (std::size_t i = 0; i < jobs.size() && actor_of(jobs[at])->id() == starved_; ++i)
      at = (at + 1) % jobs.size();
  else if (!env_.calm && env_.given.starvation_one_in > 0
           && env_.dice.one_in(env_.given.starvation_one_in)) {
    starved_ = actor_of(jobs[at])->id();
    starved_until_ = result_.steps + env_.dice.between(10, 200);
  }
  std::rotate(jobs.begin(), jobs.begin() + static_cast<std::ptrdiff_t>(at),
              jobs.begin() + static_cast<std::ptrdiff_t>(at) + 1);
  const auto before = reader_->last_sequence();
  if (env_.story.is_told())
    env_.tell("{} {} handles a message", actor_of(jobs.front())->name(),
              actor_of(jobs.front())->id());
  jobs_.run_once();
  for (auto i = before + 1; env_.story.is_told() && i <= reader_->last_sequence(); ++i)
    (void)reader_->read(i, 1, [&](const store::stored& stored) {
      const auto what = decode_record(stored.bytes);
      env_.tell("  log {}: {} {} {}", stored.sequence, what->migration, what->version,
                name_of(what->event));
      return true;
    });
}

void world::pass_time() {
  auto next = env_.now + stride;
  if (const auto due = env_.agenda.next())
    next = std::min(next, *due);
  jobs_.advance_time(next - env_.now);
  env_.now = next;
  env_.agenda.run_until(next);
  if (env_.now >= tended_ + tend_every)
    tend();
}

void world::tend() {
  tended_ = env_.now;
  if (coordinator_)
    coordinator_->fetch_actions();
  if (notifier_)
    notifier_->fetch_notices();
  read_status();
}

void world::read_status() {
  const auto& all = status_.entries();
  for (; status_read_ < all.size(); ++status_read_)
    for (const auto& [name, value] : all[status_read_].message.headers)
      if (name == actors::sequence_header)
        checks_.hears(std::stoull(value), all[status_read_].message);
}

bool world::is_over() {
  if (env_.calm && coordinator_ && checks_.is_at_rest() && checks_.is_told()
      && actions_.is_drained() && notices_.is_drained() && !jobs_.has_job())
    return true;
  const auto is_late = env_.now > env_.begun + env_.given.chaos + rest_within;
  if (!is_late && result_.steps < steps_max)
    return false;
  auto what = checks_.unrest();
  if (what.empty())
    what = !actions_.is_drained()   ? "requests wait"
           : !notices_.is_drained() ? "notices wait"
                                    : "status waits";
  checks_.broken(checks_.is_at_rest() ? rules::told : rules::rests,
                 what + (is_late ? "" : " after too many steps"));
  return true;
}

void world::settle_down() {
  env_.tell("faults stop");
  env_.calm = true;
}

outcome simulate(uint64_t seed, std::size_t story_lines) {
  return world{draw_plan(seed), story_lines}.run();
}

} // namespace skein::simulation
