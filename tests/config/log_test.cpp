#include "config/log.hpp"
#include "tests/config/support.hpp"

#include <catch2/catch.hpp>
#include <regex>
#include <thread>

using namespace skein;
using skein::config::test::read_file;
using skein::config::test::temporary_folder;

TEST_CASE("a log line is time, level, name, id and sentence") {
  temporary_folder folder;
  auto file = folder.path() / "skein.log";
  REQUIRE(log::start({.least = log::level::info, .file = file, .name = "coordinator"}));
  log::info("lease-expired", "worker {} went silent\nfor good", "w1");
  log::debug("not-shown", "below the level {}", 1);
  log::error("disk-full", "no room");
  REQUIRE(log::start({.file = {}}));
  auto text = read_file(file);
  std::regex form{R"(^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z info coordinator lease-expired )"
                  R"(worker w1 went silent for good\n)"
                  R"(\S+Z error coordinator disk-full no room\n$)"};
  CAPTURE(text);
  CHECK(std::regex_match(text, form));
}

TEST_CASE("a log file that cannot be opened is a failure, and the log goes on as before") {
  temporary_folder folder;
  auto blocker = folder.write("file", "");
  auto started = log::start({.file = blocker / "skein.log"});
  REQUIRE_FALSE(started);
  CHECK(started.error().what.find("cannot be opened") != std::string::npos);
}

TEST_CASE("threads that log at once and rotation lose no line in the middle") {
  temporary_folder folder;
  auto file = folder.path() / "skein.log";
  REQUIRE(log::start({.file = file, .name = "x", .rotate_bytes = 40'000, .kept_files = 9}));
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([t] {
      for (int i = 0; i < 500; ++i)
        log::info("tick", "thread {} at {}", t, i);
    });
  for (auto& x : threads)
    x.join();
  REQUIRE(log::start({.file = {}}));
  std::size_t lines = 0;
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator{folder.path()}) {
    auto text = read_file(entry.path());
    lines += static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
    ++files;
  }
  CHECK(lines == 2000);
  CHECK(files > 1);
}
