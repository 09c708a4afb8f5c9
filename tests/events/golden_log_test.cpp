// Logs that a released version wrote, and the states they led to. Whatever changes, they stay
// readable. REWRITE=1 adds the logs that are missing and never touches one that is there: it is
// no longer ours to change. A new folder is begun when a release can write what none could before.
#include "tests/events/describe.hpp"
#include "tests/events/golden_file.hpp"
#include "tests/events/golden_log.hpp"
#include "tests/events/script.hpp"

#include "events/record.hpp"
#include "events/status.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <set>

using namespace skein;
using namespace skein::tests;
namespace fs = std::filesystem;

namespace {

const std::string folder = "golden/v1";

/// Everything a log says, and where it leads.
std::string story_of(const std::vector<record>& log) {
  std::string text;
  migration::state now;
  for (const auto& x : log) {
    text
        += std::to_string(x.version) + " " + rfc3339(x.at) + " " + x.actor + ": " + x.reason + "\n";
    if (x.command)
      text += "  " + std::string{name_of(x.command->what)} + " drew "
              + std::to_string(x.command->random) + " and caused " + std::to_string(x.caused)
              + "\n";
    text += "  " + line_of(x.event) + "\n";
    now = evolve(std::move(now), x.event, x.at);
  }
  return text + "\n" + dump_of(now);
}

void record_missing() {
  for (const auto& name : names_in("scenarios", ".txt")) {
    if (fs::exists(golden_path(folder + "/" + name + ".bin")))
      continue;
    const auto story = play(read_golden("scenarios/" + name + ".txt"));
    std::string log;
    for (const auto& x : story.records)
      append_delimited(log, encode(x));
    write_golden(folder + "/" + name + ".bin", log);
    write_golden(folder + "/" + name + ".txt", story_of(story.records));
  }
}

std::vector<record> read_log(const std::string& name) {
  std::vector<record> records;
  for (const auto& bytes : split_delimited(read_golden(folder + "/" + name + ".bin"))) {
    auto read = decode_record(bytes);
    INFO(name << ", event " << records.size() + 1);
    REQUIRE(read);
    records.push_back(*std::move(read));
  }
  return records;
}

} // namespace

TEST_CASE("golden logs lead to the states that they led to when they were written") {
  if (rewriting())
    record_missing();
  const auto names = names_in(folder, ".bin");
  REQUIRE(names.size() >= 10);
  for (const auto& name : names)
    DYNAMIC_SECTION(name) {
      const auto log = read_log(name);
      CHECK(story_of(log) == read_golden(folder + "/" + name + ".txt"));
      for (std::size_t i = 0; i < log.size(); ++i) {
        CHECK(log[i].version == i + 1);
        CHECK(log[i].migration == log[0].migration);
      }
    }
}

TEST_CASE("golden logs hold every kind of event and command that there is") {
  std::set<std::string_view> events, orders;
  for (const auto& name : names_in(folder, ".bin"))
    for (const auto& x : read_log(name)) {
      events.insert(name_of(x.event));
      if (x.command)
        orders.insert(name_of(x.command->what));
    }
  // All but what steers the fleet, which the golden lives have.
  CHECK(events.size() == std::variant_size_v<migration::event> - 1);
  CHECK(orders.size() == std::variant_size_v<migration::order> - 1);
}
