#pragma once

#include "config/contract.hpp"
#include "config/yaml.hpp"

#include <string>
#include <vector>

/// The parts of a contract, one reader each. Internal to config/.
namespace skein::config {

location read_location(const yaml::node& servers, yaml::report&);

/// `column` is empty for the rules of the whole table.
std::vector<quality_rule> read_quality(const yaml::node& rules, const std::string& column,
                                       yaml::report&);

} // namespace skein::config
