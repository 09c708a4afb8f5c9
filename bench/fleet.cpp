#include "bench/fleet.hpp"

#include "bench/support.hpp"
#include "events/record.hpp"

#include <fmt/format.h>

namespace skein::bench {

namespace {

using namespace migration;
using std::chrono::milliseconds;

constexpr size_t digits = 9;

/// The name of a dataset is of one length, so that it can be replaced in bytes already encoded.
std::string dataset(uint64_t id) { return fmt::format("dataset-{:0{}}", id, digits); }

workflow four_steps() {
  workflow flow{"standard", {}};
  for (auto name : {"check", "copy", "publish", "tell"}) {
    step next{name, fmt::format("{}-agent", name), {}, std::chrono::minutes{15}, {}};
    if (!flow.steps.empty())
      next.depends_on.push_back(flow.steps.back().name);
    next.retry.rules[index_of(error_class::transient)].max_attempts = UINT32_MAX;
    flow.steps.push_back(std::move(next));
  }
  return flow;
}

/// A worker that does whatever is due, and fails now and then.
order next_order(const state& now, unsigned& failures_left) {
  if (now.phase == phase::blank)
    return request{{subject_kind::dataset, dataset(0), "v1", "v2"}, four_steps(), "nightly-0042"};
  for (size_t i = 0; i < now.steps.size(); ++i) {
    const auto& step = now.steps[i];
    const auto& name = now.flow.steps[i].name;
    if (step.status == step_status::ready || step.status == step_status::retrying)
      return start_attempt{name, "worker-07", milliseconds{30'000}};
    if (step.status != step_status::running)
      continue;
    finish_attempt end{name, step.attempts, step.epoch, success{}};
    if (failures_left > 0 && failures_left--)
      end.outcome = setback{error_class::transient, "the source did not answer within 10 s"};
    else
      end.outcome = success{R"({"rows": 104729, "bytes": 8388608})", {{"owner", "team-a"}}, ""};
    return end;
  }
  give_up("the life of a migration has come to a stand");
}

void stamp(std::string& bytes, const std::string& name, const std::string& instead) {
  for (auto at = bytes.find(name); at != bytes.npos; at = bytes.find(name, at + name.size()))
    bytes.replace(at, name.size(), instead);
}

} // namespace

life::life(unsigned failed_attempts) {
  state now;
  command what{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1}, "coordinator", "", 42, {}};
  while (!rests(now.phase)) {
    what.at += std::chrono::milliseconds{1234};
    what.what = next_order(now, failed_attempts);
    const auto answer = decide(now, what);
    const auto* caused = std::get_if<std::vector<event>>(&answer);
    if (!caused)
      give_up("an order of the benchmark's migration was refused");
    versions_.push_back(events_);
    turns_.emplace_back();
    for (auto& made : make_records(stream(0), events_, what, *caused)) {
      turns_.back().push_back(encode(made));
      now = evolve(std::move(now), made.event, made.at);
    }
    events_ += caused->size();
  }
}

std::string life::stream(uint64_t id) { return dataset(id) + "@v2"; }

store::append life::append(uint64_t id, size_t turn) const {
  store::append made{stream(id), versions_[turn], turns_[turn]};
  for (auto& record : made.records)
    stamp(record, dataset(0), dataset(id));
  return made;
}

fleet::fleet(size_t live, unsigned failed_attempts) : life_{failed_attempts}, next_id_{live} {
  for (uint64_t id = 0; id < live; ++id)
    live_.push_back({id, 0});
}

store::append fleet::next() {
  auto& chosen = live_[dice_() % live_.size()];
  auto made = life_.append(chosen.id, chosen.turn);
  if (++chosen.turn == life_.size())
    chosen = {next_id_++, 0};
  return made;
}

std::vector<store::append> fleet::batch(size_t events) {
  std::vector<store::append> made;
  for (size_t has = 0; has < events; has += made.back().records.size())
    made.push_back(next());
  return made;
}

void fill_log(const std::filesystem::path& folder, uint64_t streams,
              const std::function<store::append(uint64_t)>& append_of) {
  constexpr std::size_t at_once = 1'000;
  const auto log = value_of(store::open_log(folder));
  std::vector<store::append> batch;
  for (uint64_t i = 0; i < streams; ++i) {
    batch.push_back(append_of(i));
    if (batch.size() < at_once && i + 1 < streams)
      continue;
    for (auto& answer : log->commit(batch))
      if (!answer)
        give_up(answer.error().what);
    batch.clear();
  }
}

size_t events_in(const std::vector<store::append>& batch) {
  size_t count = 0;
  for (auto& a : batch)
    count += a.records.size();
  return count;
}

} // namespace skein::bench
