#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <fmt/format.h>
#include <string>
#include <utility>

namespace skein::simulation {

/// The last steps of a simulation, for whoever has to find out what went wrong. Told only when
/// somebody listens: a run that is not watched costs nothing, and a seed can always be run again.
class story {
public:
  explicit story(std::size_t lines_max) : lines_max_{lines_max} {}

  bool is_told() const { return lines_max_ > 0; }

  template <class... Args>
  void tell(std::chrono::microseconds at, fmt::format_string<Args...> sentence, Args&&... args) {
    if (is_told())
      add(at, fmt::format(sentence, std::forward<Args>(args)...));
  }

  const std::deque<std::string>& lines() const { return lines_; }

private:
  void add(std::chrono::microseconds at, const std::string& sentence) {
    const auto ms = std::chrono::floor<std::chrono::milliseconds>(at).count();
    lines_.push_back(fmt::format("{:>8}.{:03} s  {}", ms / 1000, ms % 1000, sentence));
    if (lines_.size() > lines_max_)
      lines_.pop_front();
  }

  std::size_t lines_max_;
  std::deque<std::string> lines_;
};

} // namespace skein::simulation
