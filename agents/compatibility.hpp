#pragma once

#include "agents/metadata.hpp"
#include "config/contract.hpp"
#include "config/mapping.hpp"

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace skein::agents {

/// What a migration means for one consumer.
enum class verdict : uint8_t {
  compatible, ///< every column it reads stays as it is
  breaks,     ///< a column it reads goes away, gets another name or type, or is computed anew
  unknown,    ///< it does not say which columns it reads
};

const char* to_string(verdict) noexcept;

/// A consumer, the verdict on it, and why: one clause for each column at fault.
struct judged_consumer {
  consumer who;
  agents::verdict verdict;
  std::vector<std::string> reasons;
};

/// What a consumer that reads `column` of the old contract meets in the new one; nullopt when the
/// column stays as it is. Pure.
std::optional<std::string> breakage_of(const std::string& column, const config::contract& before,
                                       const config::mapping& completed,
                                       const config::contract& after);

/// Judges every consumer, those that break first, then the unknown ones, each in the order given.
/// An indirect consumer (depth > 1) reads another dataset: it is compatible as long as that one
/// is, and unknown otherwise, since what that one does about its breakage is not known. Pure.
std::vector<judged_consumer> judge(const std::vector<consumer>& consumers,
                                   const config::contract& before, const config::mapping& completed,
                                   const config::contract& after);

/// When a migration is held back for a human.
enum class hold_policy : uint8_t { breaks, breaks_or_unknown, never };

/// `breaks`, `breaks,unknown` or `never`.
std::optional<hold_policy> parse_hold_policy(std::string_view text);

/// Why the migration is held, if it is: names each direct consumer at fault with the column it
/// reads. A question of the mapping (`decide`) holds under every policy. Pure.
std::optional<std::string> hold_reason(const std::vector<judged_consumer>& judged,
                                       const config::mapping& completed, hold_policy policy);

/// `{ref, name, type, owner, owner_name, owner_email, criticality, depth, via, verdict, reasons}`
nlohmann::json to_json(const judged_consumer&);

/// `{"compatible": n, "breaks": n, "unknown": n}`
nlohmann::json summary_of(const std::vector<judged_consumer>&);

} // namespace skein::agents
