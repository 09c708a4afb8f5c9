#include "tests/events/random_life.hpp"

#include "tests/events/vocabulary.hpp"

#include <algorithm>

namespace skein::tests {

namespace {

retry_policy random_policy(std::mt19937_64& dice) {
  retry_policy policy;
  for (auto& rule : policy.rules)
    rule = {static_cast<uint32_t>(dice() % 4), std::chrono::milliseconds{dice() % 2000},
            std::chrono::milliseconds{dice() % 5000}};
  return policy;
}

std::string any_text(uint64_t dice) {
  static const std::vector<std::string> texts{"", "boom", "räume 日本 🎵", "line one\nline \"two\"",
                                              std::string("a\0b", 3)};
  return texts[dice % texts.size()];
}

} // namespace

workflow random_workflow(std::mt19937_64& dice) {
  workflow flow{"random", {}};
  const auto count = 1 + dice() % 8;
  for (std::size_t i = 0; i < count; ++i) {
    auto plan = node("s" + std::to_string(i));
    for (std::size_t on = 0; on < i; ++on)
      if (dice() % 3 == 0)
        plan.depends_on.push_back("s" + std::to_string(on));
    plan.retry = random_policy(dice);
    flow.steps.insert(flow.steps.begin() + static_cast<std::ptrdiff_t>(dice() % (i + 1)), plan);
  }
  return flow;
}

std::string random_life::any_step() {
  if (now_.flow.steps.empty() || below(40) == 0)
    return "nosuch";
  return now_.flow.steps[below(now_.flow.steps.size())].name;
}

finish_attempt random_life::any_report() {
  finish_attempt x{any_step(), 1, below(20), success{}};
  // Mostly of an attempt that was made, the newest ones first.
  if (!started_.empty() && below(10) != 0) {
    const auto back = std::min<uint64_t>(below(6), started_.size() - 1);
    const auto& attempt = started_[started_.size() - 1 - back];
    x = {attempt.step, attempt.attempt, attempt.epoch, success{}};
  }
  const auto how = below(10);
  if (how < 5)
    x.outcome = success{any_text(dice_()), {{"owner", any_text(dice_())}}, ""};
  else if (how < 6)
    x.outcome = success{"", {}, "hold: " + any_text(dice_())};
  else
    x.outcome = setback{static_cast<error_class>(1 + below(error_class_count)), any_text(dice_())};
  return x;
}

/// As from before there were channels, or of one of two.
confirm_told random_life::any_confirmation() {
  confirm_told x{any_text(dice_())};
  if (below(3) == 0)
    return x;
  x.channel = below(2) == 0 ? "email" : "chat";
  x.asked = below(2) == 0 ? std::vector{x.channel} : std::vector<std::string>{"chat", "email"};
  x.number = below(2) == 0 ? 0 : now_.telling.number - below(2);
  if (below(3) != 0)
    x.remind_at = at_ + std::chrono::milliseconds{below(3'000)};
  if (below(3) == 0)
    x.escalate_at = at_ + std::chrono::milliseconds{below(3'000)};
  return x;
}

order random_life::any_operators_order() {
  switch (below(10)) {
    case 7: {
      const auto step = any_step();
      const auto at = now_.find(step);
      return stop_attempt{step, at ? now_.steps[*at].epoch : 1, any_text(dice_())};
    }
    case 0: return retry_from{any_step()};
    case 1: return skip{any_step()};
    case 2: return override_input{any_step(), below(3) == 0 ? "" : "{\"limit\":1}"};
    case 3: return migration::hold{};
    case 4: return reject{};
    case 5: return set_priority{static_cast<int32_t>(below(210)) - 105};
    case 6: return roll_back{"undo", 30s, random_policy(dice_)};
    default: return approve{};
  }
}

/// Of the fleet's own stream.
order random_life::any_steering() {
  using namespace steering;
  const std::vector<std::string> names{"film", "music", "disk"};
  const auto name = names[below(names.size())];
  const auto scope = static_cast<steering::scope>(1 + below(3));
  const auto id = std::to_string(1 + below(1 + now_.fleet.value().bulks_started));
  switch (below(10)) {
    case 0: return steer{halt{}};
    case 1: return steer{release{std::chrono::milliseconds{below(100'000)}}};
    case 2: return steer{pause_scope{scope, name}};
    case 3: return steer{resume_scope{scope, name}};
    case 4: return steer{change_limit{"running", static_cast<uint32_t>(below(4))}};
    case 5: return steer{change_limit{"agent:" + name, std::nullopt}};
    case 6:
      return steer{
          start_bulk{{"retry", {{"state", "parked"}, {"owner", name}}, "", "", 0, below(9)}}};
    case 7: return steer{advance_bulk{id, name + "@v2", below(50), below(50)}};
    case 8: return steer{end_bulk{id}};
    default: return steer{stop_bulk{id}};
  }
}

order random_life::any_order() {
  if (steers_)
    return any_steering();
  if (now_.phase == phase::blank ? below(4) != 0 : below(60) == 0)
    return request{plays, random_workflow(dice_), any_text(dice_())};
  if (now_.is_paused && below(6) == 0)
    return resume{};
  if (now_.telling.remind_at != timestamp{} && below(3) == 0)
    return remind{};
  if (below(8) == 0)
    return any_operators_order();
  const auto what = below(100);
  if (what < 45)
    return start_attempt{any_step(), "w" + std::to_string(below(3)), 30s};
  if (what < 85)
    return any_report();
  if (what < 90)
    return retry{};
  if (what < 94)
    return approve{};
  if (what < 97)
    return any_confirmation();
  if (what < 98)
    return quarantine{any_text(dice_())};
  if (what < 99)
    return migration::pause{};
  return below(4) == 0 ? order{cancel{}} : order{retry{}};
}

random_life::turn random_life::next() {
  at_ += std::chrono::microseconds{below(2'000'000)};
  turn x{now_, {at_, any_text(dice_()), any_text(dice_()), dice_(), any_order()}, {}};
  const auto answer = decide(now_, x.command);
  if (const auto* events = std::get_if<std::vector<event>>(&answer))
    x.caused = make_records("plays@v2", log_.size(), x.command, *events);
  for (const auto& caused : x.caused) {
    now_ = evolve(std::move(now_), caused.event, caused.at);
    if (const auto* attempt = std::get_if<attempt_started>(&caused.event))
      started_.push_back(*attempt);
    log_.push_back(caused);
  }
  return x;
}

} // namespace skein::tests
