#pragma once

#include <string>
#include <vector>

/// Logs as files beside the tests: each record is its length as a varint (7 bits a byte, lowest
/// first), then its bytes.
namespace skein::tests {

void append_delimited(std::string& to, const std::string& bytes);

/// Fails the running test when the file ends within a record.
std::vector<std::string> split_delimited(const std::string& log);

/// The stems of the files with that extension in a folder below tests/events, sorted.
std::vector<std::string> names_in(const std::string& where, const std::string& extension);

} // namespace skein::tests
