#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <utility>

namespace skein::console::screen {

/// A reason without what differs between two of the same kind: what is quoted, numbers, and the
/// migration's own dataset become `…`.
std::string normalised_reason(const std::string& why, const std::string& dataset);

/// The longest part of one of its lines that all of its kind have, for the API's `text`.
std::string common_part(const std::string& normalised);

/// Counts migrations by phase and normalised reason.
class failure_groups {
public:
  /// A row of `/v1/migrations`.
  void add(const nlohmann::json& row);

  /// `[{"reason", "phase", "count", "step", "example", "changed_at"}…]`, the largest first;
  /// `changed_at` is that of the newest.
  nlohmann::json largest_first() const;

private:
  struct group {
    uint64_t count = 0;
    std::string step, example, changed_at;
  };
  std::map<std::pair<std::string, std::string>, group> groups_; ///< by phase and reason
};

} // namespace skein::console::screen
