#pragma once

#include "events/migration.hpp"
#include "events/record.hpp"

#include <random>
#include <string>
#include <vector>

namespace skein::tests {

/// A workflow of 1 to 8 steps in which each step depends on some of those before it, listed in any
/// order, with random retry rules.
workflow random_workflow(std::mt19937_64& dice);

/// One migration (or, every seventh, the fleet as a whole) that is ordered about at random:
/// sensibly, too late, twice, out of the blue. The same seed makes the same life on every machine.
class random_life {
public:
  explicit random_life(uint64_t seed) : dice_{seed}, steers_{seed % 7 == 0} {}

  /// Gives one order; what it caused has happened. An answer without events was a refusal.
  struct turn {
    migration::state before;
    migration::command command;
    std::vector<record> caused;
  };
  turn next();

  const migration::state& now() const { return now_; }
  const std::vector<record>& log() const { return log_; }

private:
  uint64_t below(uint64_t bound) { return dice_() % bound; }
  std::string any_step();
  migration::order any_order();
  migration::confirm_told any_confirmation();
  migration::order any_operators_order();
  migration::order any_steering();
  migration::finish_attempt any_report();

  std::mt19937_64 dice_;
  bool steers_; ///< it is no migration, but the stream of the fleet
  migration::state now_;
  std::vector<record> log_;
  std::vector<migration::attempt_started> started_;
  migration::timestamp at_{};
};

} // namespace skein::tests
