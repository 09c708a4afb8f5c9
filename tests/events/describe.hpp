#pragma once

#include "events/migration.hpp"

#include <string>
#include <vector>

/// The pure core's values as text that people compare: scenarios, golden dumps, failed tests.
namespace skein::tests {

std::string line_of(const migration::event&);
std::string line_of(const migration::effect&);

/// The events, or the refusal, one a line.
std::string lines_of(const migration::decision&);

/// Phase, steps and what is owed: three lines.
std::string summary_of(const migration::state&);

/// Every field of a state, one a line.
std::string dump_of(const migration::state&);

/// Bytes that are equal if and only if the events are.
std::string bytes_of(const std::vector<migration::event>&);

} // namespace skein::tests
