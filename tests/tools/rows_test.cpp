// What happened, as rows for programs: events, a migration's steps, what an audit found.
#include "stopped_workspace.hpp"

#include <algorithm>
#include <fstream>

using namespace skein;
using namespace skein::tests;
using Catch::Contains;
using Catch::StartsWith;

namespace {

struct rows_fixture : stopped_workspace {
  /// The lines of a table for programs; the first has the names of its columns.
  words csv(words arguments, int code = 0) {
    arguments.insert(arguments.end(), {"-o", "csv"});
    const auto end = skein(std::move(arguments));
    INFO(end.out << end.err);
    CHECK(end.code == code);
    said = end.err;
    words lines;
    std::string line;
    for (const char x : end.out)
      if (x == '\n') {
        REQUIRE(line.ends_with('\r'));
        lines.push_back(line.substr(0, line.size() - 1));
        line.clear();
      } else
        line += x;
    CHECK(line.empty());
    REQUIRE_FALSE(lines.empty());
    return lines;
  }

  std::string said; ///< on standard error
};

constexpr auto event_columns
    = "sequence,at,migration,version,type,step,attempt,actor,reason,detail";
constexpr auto step_columns = "step,agent,depends_on,status,tries,started,time,due,worker,"
                              "last_failure,note";

} // namespace

TEST_CASE_METHOD(rows_fixture, "events are rows, with nothing shortened") {
  const auto all = csv({"events"});
  CHECK(all.size() == 27);
  CHECK(all[0] == event_columns);
  CHECK_THAT(all[1], StartsWith("1,2026-03-01T00:00:0") && Contains(",stocks@v2,1,requested,,,"));
  CHECK(std::count(all.begin(), all.end(), event_columns) == 1);
  const auto failed = csv({"events", "cars@v2", "--type", "attempt_failed"});
  REQUIRE(failed.size() == 2);
  CHECK_THAT(failed[1], Contains(",attempt_failed,execute-migration,1,")
                            && Contains("\"\"Release Date\"\": cannot convert 'foo' to DATE"));
  CHECK(csv({"events", "--actor", "nobody"}) == words{event_columns});
  CHECK_THAT(skein({"events", "cars@v2", "-o", "wide"}).out,
             Contains("cannot convert 'foo' to DATE"));
}

TEST_CASE_METHOD(rows_fixture, "the rows of one migration are its steps, as of now and of then") {
  const auto now = csv({"show", "cars@v2"});
  REQUIRE(now.size() == 5);
  CHECK(now[0] == step_columns);
  CHECK_THAT(now[1], StartsWith("discover,dataset-scanner,,succeeded,1,2026-03-01T00:00:"));
  CHECK_THAT(now[2], StartsWith("validate-dependencies,dependency-checker,discover,succeeded,1,"));
  CHECK_THAT(now[3], Contains(",parked,1,") && Contains("cannot convert 'foo' to DATE"));
  CHECK(csv({"replay", "cars@v2"}) == now);
  const auto before = csv({"replay", "cars@v2", "--version", "1"});
  REQUIRE(before.size() == 5);
  CHECK_THAT(before[1], StartsWith("discover,dataset-scanner,,ready,0,,"));
  CHECK(skein({"show", "cars@v2", "-o", "wide"}).code == 0);
}

TEST_CASE_METHOD(rows_fixture, "what an audit finds is rows, and what it says besides is no row") {
  CHECK(csv({"audit", "redecide"})
        == words{"migration,version,sequence,command,recorded,today,refused_today,fault"});
  forge();
  const auto found = csv({"audit", "redecide"}, 1);
  REQUIRE(found.size() == 2);
  CHECK(found[1]
        == "stocks@v2,11,27,start_attempt,\"[{\"\"cancelled\"\":{}}]\",,"
           "the migration's workflow has no such step,");
  const auto damage = csv({"audit", "verify"}, 1);
  REQUIRE(damage.size() == 2);
  CHECK(damage[0] == "fault,first,last,what");
  CHECK_THAT(damage[1], StartsWith("damaged") && Contains("no stored leaves"));
  CHECK_THAT(said, Contains("1 problem found"));
}

TEST_CASE_METHOD(rows_fixture, "a command without rows says what it has") {
  const auto said_by = [&](words arguments) {
    const auto end = skein(std::move(arguments));
    CHECK(end.code == 2);
    CHECK(end.out.empty());
    return end.err;
  };
  CHECK_THAT(said_by({"audit", "root", "-o", "csv"}),
             Contains("root has no rows: its outputs are table and json"));
  CHECK_THAT(said_by({"completion", "bash", "-o", "csv"}), Contains("prints text alone"));
  CHECK_THAT(said_by({"man", "--json"}), Contains("prints text alone"));
  CHECK_THAT(said_by({"events", "--watch"}), Contains("--watch is for tables"));
  CHECK_THAT(said_by({"audit", "root", "--watch"}), Contains("--watch is for tables"));
}
