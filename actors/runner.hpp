#pragma once

#include "events/migration.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <variant>
#include <vector>

namespace skein::actors {

/// What a run is held to; zero: no limit.
struct run_limits {
  std::chrono::seconds cpu{0};
  uint64_t memory_bytes = 0;
  std::chrono::milliseconds wall{0};
};

/// One run of an agent, ready to start: nothing is left to look up or to expand.
struct launch {
  std::string agent; ///< for messages
  std::vector<std::string> argv;
  std::map<std::string, std::string> environment; ///< complete: nothing is inherited
  std::string input;                              ///< for stdin
  std::filesystem::path work_dir;                 ///< scratch; made before, removed after
  run_limits limits;
  std::string image;                ///< for runners of containers
  std::vector<std::string> secrets; ///< must not come out again in lines, outputs and reasons
};

/// What a run used, as far as the runner can tell.
struct run_facts {
  int exit_code = 0; ///< meaningful if signal is 0
  int signal = 0;
  uint64_t max_rss_bytes = 0;
  std::chrono::microseconds user_time{0};
  std::chrono::microseconds system_time{0};
};

struct run_result {
  std::variant<migration::success, migration::setback> outcome;
  run_facts facts;
};

/// How a run is heard of. Called on a thread of the runner, one at a time for each run; they must
/// not throw, and should hand over and return: a run whose lines are taken slowly is slowed down.
struct run_callbacks {
  std::function<void(double share, std::string_view message)> progress;     ///< share: 0 to 1
  std::function<void(std::string_view stream, std::string_view text)> line; ///< stdout or stderr
  /// Exactly once, and last; nothing of the run lives any more, and its work_dir is gone. May come
  /// before start() has returned.
  std::function<void(run_result)> ended;
};

/// A run under way. Destruction kills it if need be, and returns after `ended`.
class run {
public:
  virtual ~run() = default;

  /// Asks the run to end, and ends it after `grace`. Does not wait. The result is then a setback
  /// of class `lost`, unless the run ended by itself before.
  virtual void stop(std::chrono::milliseconds grace) = 0;
};

/// The one seam to whatever runs agents: processes here, containers, a cluster engine. May be used
/// from any thread.
class runner {
public:
  virtual ~runner() = default;

  /// Fails, and calls nothing back, if the run could not begin; the setback says why and whether
  /// another try makes sense.
  virtual tl::expected<std::unique_ptr<run>, migration::setback> start(launch, run_callbacks) = 0;
};

} // namespace skein::actors
