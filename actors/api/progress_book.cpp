#include "actors/api/progress_book.hpp"

#include "events/status.hpp"

#include <nlohmann/json.hpp>

namespace skein::actors {

namespace {

constexpr std::size_t attempts_max = 10'000;

} // namespace

std::pair<attempt_progress, bool> progress_book::tell(const attempt_id& of, attempt_progress what) {
  const std::lock_guard lock{guard_};
  const auto key = of.text();
  const auto [mine, is_new] = newest_.try_emplace(key, what);
  if (is_new) {
    order_.push_back(key);
    if (order_.size() > attempts_max) {
      newest_.erase(order_.front());
      order_.pop_front();
    }
    return {std::move(what), true};
  }
  if (what.sequence <= mine->second.sequence)
    return {mine->second, false};
  mine->second = what;
  return {std::move(what), true};
}

std::optional<attempt_progress> progress_book::find(const attempt_id& of) const {
  const std::lock_guard lock{guard_};
  const auto found = newest_.find(of.text());
  return found == newest_.end() ? std::nullopt : std::optional{found->second};
}

nlohmann::json progress_json(const attempt_progress& from) {
  return {{"sequence", from.sequence},
          {"progress", from.share},
          {"message", from.message.empty() ? nlohmann::json{} : nlohmann::json(from.message)},
          {"at", rfc3339(from.at)}};
}

} // namespace skein::actors
