#include "actors/api/best_places.hpp"

#include <algorithm>

namespace skein::actors {

namespace {

/// So many are gathered before the best of them are chosen: that costs as much as looking at each.
constexpr std::size_t spare = 1'000;

} // namespace

best_places::view best_places::at(const kept& x) const {
  const std::string_view all{bytes_};
  return {all.substr(x.at, x.key_size), all.substr(x.at + x.key_size, x.id_size)};
}

void best_places::add(std::string_view key, std::string_view id) {
  const view here{key, id};
  if ((behind_ && !before(*behind_, here)) || (worst_ && !before(here, *worst_)))
    return;
  places_.push_back({bytes_.size(), key.size(), id.size()});
  bytes_.append(key).append(id);
  if (places_.size() >= limit_ + 1 + spare)
    cut();
}

void best_places::cut() {
  if (places_.size() <= limit_ + 1)
    return;
  const auto last = places_.begin() + static_cast<std::ptrdiff_t>(limit_);
  std::nth_element(places_.begin(), last, places_.end(),
                   [this](const auto& a, const auto& b) { return before(at(a), at(b)); });
  worst_ = at(*last);
  places_.erase(std::next(last), places_.end());
  std::string rest;
  for (auto& each : places_) {
    const auto from = std::exchange(each.at, rest.size());
    rest.append(bytes_, from, each.key_size + each.id_size);
  }
  bytes_ = std::move(rest);
}

std::vector<place> best_places::take() {
  cut();
  std::vector<place> result;
  for (const auto& each : places_)
    result.emplace_back(at(each));
  std::sort(result.begin(), result.end(),
            [this](const place& a, const place& b) { return before(a, b); });
  return result;
}

} // namespace skein::actors
