#pragma once

#include "events/failure.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <utility>
#include <vector>

namespace skein::bench {

/// A folder of this run's own on the disk that is measured, removed at its end: below the folder
/// in SKEIN_BENCH_DIR, or else below the one that stands for temporary files.
class work_folder {
public:
  work_folder();
  ~work_folder();
  work_folder(const work_folder&) = delete;
  work_folder& operator=(const work_folder&) = delete;

  const std::filesystem::path& path() const { return path_; }

private:
  std::filesystem::path path_;
};

/// A benchmark whose parts fail has nothing to say: it prints why, and ends.
[[noreturn]] void give_up(const std::string& why);

template <class T>
T value_of(expected<T> answer) {
  if (!answer)
    give_up(answer.error().what);
  if constexpr (!std::is_void_v<T>)
    return std::move(*answer);
}

/// Seconds that the call took.
template <class Work>
double seconds(Work&& work) {
  const auto start = std::chrono::steady_clock::now();
  std::forward<Work>(work)();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double median(std::vector<double>);

/// The number that is the program's argument `index`, or `otherwise` without one.
uint64_t argument(int count, char** arguments, int index, uint64_t otherwise);

/// Has the kernel forget what it keeps of the files in the folder, so that the next read of them
/// goes to the disk. What was not synced yet stays.
void forget_cached(const std::filesystem::path& folder);

} // namespace skein::bench
