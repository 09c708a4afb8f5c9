#pragma once

#include <string>

namespace skein::bench {

/// How far a row wants to come: its ratio at least, or at most, this.
struct reach {
  enum class side { at_least, at_most } which;
  double ratio;
};

inline constexpr reach at_least(double ratio) { return {reach::side::at_least, ratio}; }
inline constexpr reach at_most(double ratio) { return {reach::side::at_most, ratio}; }

/// One line of the table: what was measured, and what the same run measured it against, in the
/// same unit.
struct row {
  std::string name;
  double figure;
  std::string unit;
  std::string baseline_is;
  double baseline;
  bench::reach reach;
};

/// Prints the row as one line of JSON on standard output, where `bench/run` collects it:
/// {"row": "...", "figure": 1, "unit": "...", "baseline_is": "...", "baseline": 2, "ratio": 0.5,
///  "reach": ">= 0.5"}. The ratio is figure / baseline.
void print(const row&);

} // namespace skein::bench
