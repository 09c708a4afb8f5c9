#pragma once

#include "actors/api/access.hpp"
#include "events/migration.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <unordered_map>

namespace skein::actors {

/// How far an attempt is, by its own words.
struct attempt_progress {
  uint64_t sequence = 0; ///< the agent's own: a repeat, or what was overtaken, changes nothing
  double share = 0;      ///< from 0 to 1
  std::string message;
  migration::timestamp at{};
};

/// The newest progress of the attempts that told any over HTTP; in memory only, since what it comes
/// to is in the log. For any number of threads.
class progress_book {
public:
  /// What holds now, and whether it is what was given. At most 10,000 attempts are remembered; the
  /// ones that began to tell first are forgotten first.
  std::pair<attempt_progress, bool> tell(const attempt_id&, attempt_progress);

  std::optional<attempt_progress> find(const attempt_id&) const;

private:
  mutable std::mutex guard_;
  std::unordered_map<std::string, attempt_progress> newest_;
  std::deque<std::string> order_;
};

nlohmann::json progress_json(const attempt_progress&);

} // namespace skein::actors
