#include "bench/row.hpp"

#include <cstdio>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace skein::bench {

void print(const row& r) {
  const auto* sign = r.reach.which == reach::side::at_least ? ">=" : "<=";
  const nlohmann::ordered_json line{
      {"row", r.name},
      {"figure", r.figure},
      {"unit", r.unit},
      {"baseline_is", r.baseline_is},
      {"baseline", r.baseline},
      {"ratio", r.figure / r.baseline},
      {"reach", fmt::format("{} {}", sign, r.reach.ratio)},
  };
  std::puts(line.dump().c_str());
  std::fflush(stdout);
}

} // namespace skein::bench
