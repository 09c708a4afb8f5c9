#include "tools/skein/progress_board.hpp"

#include "tools/skein/print.hpp"
#include "tools/skein/words.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace skein::console {

namespace {

constexpr std::size_t bar_columns = 24;

/// Migrations that move are shown one by one; more than this would scroll.
constexpr std::size_t moving_lines_max = 12;

std::string bar(double share) {
  const auto full = static_cast<std::size_t>(std::clamp(share, 0.0, 1.0) * bar_columns + 0.5);
  std::string text;
  for (std::size_t i = 0; i < bar_columns; ++i)
    text += i < full ? "█" : "░";
  return text;
}

bool is_moving(const std::string& phase) { return phase == "running"; }

} // namespace

void progress_board::update(const nlohmann::json& migrations) {
  std::map<std::string, line> next;
  for (const auto& each : migrations) {
    const auto id = text_of(each, "id");
    line now{text_of(each, "phase"),
             text_of(each, "step"),
             text_of(each, "step_status"),
             text_of(each, "why"),
             -1,
             {}};
    if (const auto old = lines_.find(id); old != lines_.end() && old->second.step == now.step) {
      now.share = old->second.share;
      now.message = old->second.message;
    }
    next.emplace(id, std::move(now));
  }
  if (to_.width == 0)
    print_changes(next);
  lines_ = std::move(next);
  if (to_.width > 0)
    paint();
}

void progress_board::note(const std::string& id, double share, const std::string& message) {
  const auto found = lines_.find(id);
  if (found == lines_.end())
    return;
  found->second.share = share;
  found->second.message = message;
}

void progress_board::print_changes(const std::map<std::string, line>& next) const {
  for (const auto& [id, now] : next) {
    const auto old = lines_.find(id);
    if (old != lines_.end() && old->second.phase == now.phase && old->second.step == now.step)
      continue;
    auto text = id + ": " + (is_moving(now.phase) ? now.step : now.phase);
    if (!is_moving(now.phase) && !now.why.empty())
      text += ": " + one_line(now.why);
    print_line(text);
  }
}

std::string progress_board::overall() const {
  std::map<std::string, std::size_t> counts;
  for (const auto& [id, now] : lines_)
    ++counts[now.phase];
  const auto resting = lines_.size() - counts["running"];
  const auto share = lines_.empty() ? 0.0 : static_cast<double>(resting) / lines_.size();
  auto text = fmt::format("{} {:>3.0f} %  {} of {} migrations", bar(share), share * 100, resting,
                          lines_.size());
  for (const auto* phase : {"held", "parked", "quarantined"})
    if (counts[phase] > 0)
      text += fmt::format(", {} {}", counts[phase], phase);
  return text;
}

/// A step that waits for its digest, or for a worker, stands behind those that are at work.
std::vector<const progress_board::named_line*> progress_board::moving() const {
  std::vector<const named_line*> found;
  for (const auto& each : lines_)
    if (is_moving(each.second.phase))
      found.push_back(&each);
  std::stable_partition(found.begin(), found.end(),
                        [](const auto* each) { return each->second.status == "running"; });
  return found;
}

std::string progress_board::text_of_line(const named_line& each) const {
  const auto& [id, now] = each;
  const auto share = now.share >= 0 ? fmt::format(" {:>3.0f} %", now.share * 100) : "";
  return shorten(fmt::format("  {:<26} {:<22}{} {}", shorten(one_line(id), 26),
                             shorten(one_line(now.step), 22), share, one_line(now.message)),
                 to_.width - 1);
}

std::vector<std::string> progress_board::lines() const {
  const auto all = moving();
  const auto shown = std::min(all.size(), moving_lines_max);
  std::vector<std::string> result;
  for (std::size_t i = 0; i < shown; ++i)
    result.push_back(text_of_line(*all[i]));
  if (shown < all.size())
    result.push_back(fmt::format("  … and {} more", all.size() - shown));
  result.push_back(shorten(overall(), to_.width - 1));
  return result;
}

void progress_board::paint() {
  const auto now = lines();
  std::string text;
  // Up to where the last painting began, then each line anew.
  if (painted_ > 0)
    text += fmt::format("\x1b[{}A", painted_);
  for (const auto& each : now)
    text += "\r\x1b[K" + each + "\n";
  text += "\x1b[J";
  print(text);
  painted_ = now.size();
}

void progress_board::finish() { painted_ = 0; }

} // namespace skein::console
