#pragma once

#include <string>

/// Texts and bytes that tests compare with files beside them. With REWRITE=1 in the environment
/// a test records instead of comparing: read the diff, and commit only what you meant.
namespace skein::tests {

/// `name` is below tests/events.
std::string golden_path(const std::string& name);

bool rewriting();

/// Fails the running test when the file is not there.
std::string read_golden(const std::string& name);

void write_golden(const std::string& name, const std::string& content);

/// Compares, or records.
void check_golden(const std::string& name, const std::string& got);

} // namespace skein::tests
