#include "tests/events/golden_log.hpp"

#include "tests/events/golden_file.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <set>

namespace skein::tests {

namespace fs = std::filesystem;

void append_delimited(std::string& to, const std::string& bytes) {
  auto size = bytes.size();
  for (; size >= 0x80; size >>= 7)
    to += static_cast<char>(size | 0x80);
  to += static_cast<char>(size);
  to += bytes;
}

std::vector<std::string> split_delimited(const std::string& log) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; at < log.size();) {
    std::size_t size = 0;
    for (int shift = 0;; shift += 7) {
      const auto byte = static_cast<unsigned char>(log.at(at++));
      size |= std::size_t{byte & 0x7fu} << shift;
      if (byte < 0x80)
        break;
    }
    REQUIRE(at + size <= log.size());
    parts.push_back(log.substr(at, size));
    at += size;
  }
  return parts;
}

std::vector<std::string> names_in(const std::string& where, const std::string& extension) {
  std::set<std::string> names;
  if (fs::exists(golden_path(where)))
    for (const auto& file : fs::directory_iterator{golden_path(where)})
      if (file.path().extension() == extension)
        names.insert(file.path().stem().string());
  return {names.begin(), names.end()};
}

} // namespace skein::tests
