#include "actors/ambient.hpp"

#include <memory>
#include <mutex>
#include <random>

namespace skein::actors {

ambient real_ambient() {
  struct source {
    std::mutex guard;
    std::mt19937_64 engine{std::random_device{}()};
  };
  auto shared = std::make_shared<source>();
  return {
      [] {
        using namespace std::chrono;
        return time_point_cast<microseconds>(system_clock::now());
      },
      [shared] {
        std::lock_guard lock{shared->guard};
        return shared->engine();
      },
  };
}

} // namespace skein::actors
