#pragma once

#include "config/contract.hpp"

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace skein::agents {

/// One check of a table: a SELECT that answers one number, and what that number must be.
struct quality_check {
  std::string name; ///< what a person reads: `release_date must not be null`
  std::string sql;
  config::bounds must_be;
  bool blocking = true;
};

/// Everything a contract promises about its rows: required columns without nulls, numbers that its
/// format can hold, unique columns and the primary key without duplicates, then its quality rules.
/// Pure.
std::vector<quality_check> quality_checks(const config::contract&, std::string_view table);

struct measured_check {
  quality_check check;
  double measured = 0;
  bool ok = false;
};

bool within(double measured, const config::bounds&);

/// `equal to 0`, `at least 1 and at most 10`
std::string to_string(const config::bounds&);

/// `{"rule", "measured", "ok", "blocking", "expected"}`
nlohmann::json to_json(const measured_check&);

} // namespace skein::agents
