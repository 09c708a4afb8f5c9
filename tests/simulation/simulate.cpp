// Simulates a whole Skein, seed by seed, and stops at the first broken promise.
#include "config/log.hpp"
#include "tests/simulation/world.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <sstream>

namespace {

using namespace skein;
using simulation::outcome;

struct totals {
  uint64_t seeds = 0, steps = 0, records = 0, crashes = 0;
  std::chrono::milliseconds time{0};

  void add(const outcome& one) {
    ++seeds;
    steps += one.steps;
    records += one.log.size();
    crashes += one.crashes;
    time += one.time;
  }
};

constexpr std::size_t story_lines = 60;

/// The same seed once more, since only now does anybody want to hear how it came to that.
void tell(uint64_t seed, const std::string& program) {
  const auto again = simulation::simulate(seed, story_lines);
  for (const auto& line : again.story)
    std::printf("%s\n", line.c_str());
  const auto& what = again.broken->what;
  std::printf("\nseed %lu breaks a promise of the coordinator: %s\n  %s\n  %s\nreproduce with: %s "
              "--seed %lu\n",
              seed, std::string{what.name}.c_str(), std::string{what.sentence}.c_str(),
              again.broken->detail.c_str(), program.c_str(), seed);
}

bool runs(uint64_t seed, bool twice, const std::string& program, totals& sum) {
  const auto one = simulation::simulate(seed);
  sum.add(one);
  if (one.broken) {
    tell(seed, program);
    return false;
  }
  if (twice) {
    const auto other = simulation::simulate(seed);
    if (other.log != one.log || other.steps != one.steps || other.time != one.time) {
      std::printf("seed %lu went differently the second time: %lu and %lu steps, %zu and %zu "
                  "records\n",
                  seed, one.steps, other.steps, one.log.size(), other.log.size());
      return false;
    }
  }
  return true;
}

/// Seeds that once failed: the first word of each line that is no comment.
std::vector<uint64_t> seeds_in(const std::string& file) {
  std::vector<uint64_t> seeds;
  std::ifstream from{file};
  for (std::string line; std::getline(from, line);)
    if (!line.empty() && line[0] != '#')
      seeds.push_back(std::stoull(line));
  return seeds;
}

int run(int argc, char** argv) {
  CLI::App app{"Simulates the coordinator, its workers and its bus, and checks every step.",
               "simulate"};
  std::vector<uint64_t> seeds;
  uint64_t from = 1, count = 0, seconds = 0;
  std::string file;
  bool twice = false;
  app.add_option("--seed", seeds, "This seed; may be given several times");
  app.add_option("--from", from, "The first of several seeds")->capture_default_str();
  app.add_option("--count", count, "So many seeds");
  app.add_option("--seconds", seconds, "As many seeds as there is time for");
  app.add_option("--file", file, "The seeds that stand in a file, one a line");
  app.add_flag("--twice", twice, "Each seed twice: both runs must be the same, byte for byte");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  // Failures are what this is about: nobody wants to read of each.
  (void)log::start({log::level::error, "/dev/null", "simulate"});
  if (!file.empty())
    seeds = seeds_in(file);
  for (uint64_t i = 0; i < count; ++i)
    seeds.push_back(from + i);
  totals sum;
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{seconds};
  for (const auto seed : seeds)
    if (!runs(seed, twice, argv[0], sum))
      return 1;
  for (auto seed = from; seconds > 0 && std::chrono::steady_clock::now() < until; ++seed)
    if (!runs(seed, twice, argv[0], sum))
      return 1;
  std::printf("%lu seeds: %lu steps, %lu events, %lu crashes, %.1f hours of virtual time\n",
              sum.seeds, sum.steps, sum.records, sum.crashes,
              std::chrono::duration<double, std::ratio<3600>>{sum.time}.count());
  return sum.seeds > 0 ? 0 : 2;
}

} // namespace

int main(int argc, char** argv) { return run(argc, argv); }
