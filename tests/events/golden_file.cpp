#include "tests/events/golden_file.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace skein::tests {

std::string golden_path(const std::string& name) {
  return std::string{SKEIN_TEST_DIR} + "/" + name;
}

bool rewriting() { return std::getenv("REWRITE") != nullptr; }

std::string read_golden(const std::string& name) {
  std::ifstream in{golden_path(name), std::ios::binary};
  INFO(golden_path(name) << " cannot be read; REWRITE=1 records it");
  REQUIRE(in.good());
  return {std::istreambuf_iterator<char>{in}, {}};
}

void write_golden(const std::string& name, const std::string& content) {
  const std::filesystem::path path = golden_path(name);
  std::filesystem::create_directories(path.parent_path());
  std::ofstream out{path, std::ios::binary};
  out << content << std::flush;
  INFO("cannot write " << path);
  REQUIRE(out.good());
}

void check_golden(const std::string& name, const std::string& got) {
  if (rewriting())
    return write_golden(name, got);
  INFO("in " << name << "; REWRITE=1 records what is new");
  CHECK(got == read_golden(name));
}

} // namespace skein::tests
