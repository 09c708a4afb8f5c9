#include "agents/files.hpp"
#include "agents/manifest.hpp"
#include "agents/migrate.hpp"
#include "agents/staging.hpp"
#include "agents/validate.hpp"
#include "fixtures.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <sys/mount.h>

using namespace skein::agents;
using namespace skein::agents::test;
namespace config = skein::config;
namespace fs = std::filesystem;

namespace {

config::contract before_with(std::vector<config::column> columns) {
  return contract("v1", "films/v1/films.csv", "csv", std::move(columns));
}

config::contract after_with(std::vector<config::column> columns) {
  return contract("v2", "films/v2/films.csv", "csv", std::move(columns));
}

film_migration simple() {
  return {before_with({column("a", "BIGINT"), column("b", "VARCHAR")}),
          after_with({column("a", "BIGINT"), column("b", "VARCHAR")}),
          mapping({keep("a"), keep("b")})};
}

/// The failure of a run that must leave nothing behind.
trouble failure_of(film_migration& x) {
  const auto result = x.run();
  REQUIRE(!result);
  CHECK(nothing_staged(x.plan.data_root));
  return result.error();
}

bool mentions(const std::string& text, std::initializer_list<const char*> parts) {
  for (const auto* part : parts)
    if (text.find(part) == std::string::npos) {
      UNSCOPED_INFO("\"" << part << "\" is not in: " << text);
      return false;
    }
  return true;
}

} // namespace

TEST_CASE("a cast that fails names row, column and value, and publishes nothing") {
  film_migration x{before_with({column("Release Date", "VARCHAR")}),
                   after_with({column("released", "DATE")}),
                   mapping({cast("released", "Release Date")})};
  x.source("Release Date\n2020-01-01\n\"\"\nfoo\n");
  const auto why = failure_of(x);
  CHECK(why.kind == trouble_kind::permanent);
  CHECK(mentions(why.what, {"Row 2 of", "column \"Release Date\"", "cannot convert '' to DATE",
                            "new column \"released\"", "2 such values in all"}));
  CHECK(!fs::exists(x.plan.target_folder()));
}

TEST_CASE("a cast with a format names the value that does not have it") {
  film_migration x{before_with({column("d", "VARCHAR")}), after_with({column("d", "DATE")}),
                   mapping({cast("d", "d", "%Y/%m/%d")})};
  x.source("d\n2020/01/01\n2020-01-02\n");
  CHECK(mentions(failure_of(x).what, {"Row 2 of", "'2020-01-02'"}));
}

TEST_CASE("a cast that would lose a fraction fails") {
  film_migration x{before_with({column("d", "DOUBLE")}), after_with({column("d", "BIGINT")}),
                   mapping({cast("d", "d")})};
  x.source("d\n1.0\n2.5\n");
  CHECK(mentions(failure_of(x).what, {"Row 2 of", "'2.5'", "BIGINT"}));
}

TEST_CASE("an expression that fails on a value names the row") {
  film_migration x{before_with({column("a", "VARCHAR")}), after_with({column("n", "BIGINT")}),
                   mapping({expression("n", "CAST(a AS BIGINT) * 2", {"a"})})};
  std::string text = "a\n";
  for (int i = 0; i < 5000; ++i)
    text += i == 3210 ? "oops\n" : "1\n";
  x.source(text);
  CHECK(
      mentions(failure_of(x).what, {"Row 3211 of", "new column \"n\"", "oops", "\"a\" = 'oops'"}));
}

TEST_CASE("an expression sees only the columns it says it reads") {
  film_migration x{before_with({column("a", "BIGINT"), column("b", "BIGINT")}),
                   after_with({column("sum", "BIGINT")}),
                   mapping({expression("sum", "a + b", {"a"})})};
  x.source("a,b\n1,2\n");
  CHECK(mentions(failure_of(x).what, {"column \"sum\"", "\"b\"", "reads"}));
}

TEST_CASE("an expression that is no expression is refused") {
  const auto sql = GENERATE("a +", "a) FROM source; COPY source TO '/tmp/x' --",
                            "(SELECT content FROM read_text('/etc/passwd'))", "no_such(a)");
  CAPTURE(sql);
  film_migration x{before_with({column("a", "VARCHAR")}), after_with({column("n", "VARCHAR")}),
                   mapping({expression("n", sql, {"a"})})};
  x.source("a\n1\n");
  CHECK(failure_of(x).kind == trouble_kind::permanent);
}

TEST_CASE("an expression that does not give one value a row is found out") {
  film_migration x{before_with({column("a", "BIGINT")}), after_with({column("n", "BIGINT")}),
                   mapping({expression("n", "unnest([a, a])", {"a"})})};
  x.source("a\n1\n2\n");
  CHECK(mentions(failure_of(x).what, {"has 2 rows", "has 4"}));
}

TEST_CASE("a blocking rule of the new contract stops the migration") {
  auto x = simple();
  x.plan.after.columns[1].required = true;
  x.source("a,b\n1,x\n2,\n");
  const auto why = failure_of(x);
  CHECK(why.kind == trouble_kind::permanent);
  CHECK(mentions(why.what, {"films v2", "\"b must not be null\"", "measures 1", "equal to 0"}));
  CHECK(!fs::exists(x.plan.target_folder()));
}

TEST_CASE("a number that JSON cannot hold is found before anyone reads it") {
  auto after = contract("v2", "films/v2/films.json", "json", {column("share", "DOUBLE")});
  film_migration x{before_with({column("a", "DOUBLE")}), after,
                   mapping({expression("share", "1.0 / a", {"a"})})};
  x.source("a\n2\n0\n");
  CHECK(mentions(failure_of(x).what, {"\"share must be finite numbers in JSON\"", "measures 1"}));
}

TEST_CASE("a staged file that is not what was copied is found out") {
  auto x = simple();
  x.source("a,b\n1,x\n2,y\n");
  database_options options;
  options.scratch = x.plan.scratch;
  options.allowed_directories = {x.root.path()};
  auto db = database::open(options);
  REQUIRE(db);
  const auto work = prepare_transformation(**db, x.plan);
  REQUIRE(work);
  const auto staged = x.root.path() / "staged.csv";
  put(staged, "a,b\n2,y\n1,x\n");
  CHECK(validate(**db, x.plan, *work, staged));
  put(staged, "a,b\n2,y\n1,X\n");
  const auto changed = validate(**db, x.plan, *work, staged);
  REQUIRE(!changed);
  CHECK(mentions(changed.error().what, {"Column \"b\"", "checksum differs"}));
  put(staged, "a,b\n2,y\n");
  const auto shorter = validate(**db, x.plan, *work, staged);
  REQUIRE(!shorter);
  CHECK(mentions(shorter.error().what, {"has 2 rows", "has 1"}));
}

TEST_CASE("a folder that is there already is not touched") {
  auto x = simple();
  x.source("a,b\n1,x\n");
  put(x.plan.target_folder() / "theirs.csv", "theirs");
  CHECK(mentions(failure_of(x).what, {"there already", "not written by Skein"}));
  CHECK(get(x.plan.target_folder() / "theirs.csv") == "theirs");
}

TEST_CASE("a published result is not taken for that of other data, rules or a changed file") {
  auto x = simple();
  x.source("a,b\n1,x\n");
  REQUIRE(x.run());
  SECTION("other rules") {
    x.plan.mapping_sha256 = "other rules";
    CHECK(mentions(failure_of(x).what, {"another mapping or contract"}));
  }
  SECTION("other data") {
    x.source("a,b\n2,x\n");
    CHECK(mentions(failure_of(x).what, {"other source data"}));
  }
  SECTION("a changed file") {
    put(x.plan.target_file(), "a,b\n3,x\n");
    CHECK(mentions(failure_of(x).what, {"not the one that was published"}));
  }
  SECTION("another migration") {
    x.plan.migration = "films@v3";
    CHECK(mentions(failure_of(x).what, {"the result of films@v2"}));
  }
}

TEST_CASE("versions need folders of their own") {
  auto x = simple();
  x.source("a,b\n1,x\n");
  x.plan.after.where.path = "films/v1/new.csv";
  CHECK(mentions(failure_of(x).what, {"in one folder"}));
  x.plan.after.where.path = "new.csv";
  CHECK(mentions(failure_of(x).what, {"a folder of its own"}));
}

TEST_CASE("another attempt at work makes this one wait for its turn") {
  auto x = simple();
  x.source("a,b\n1,x\n");
  const auto other
      = staging::prepare(x.plan.data_root, x.plan.target_folder(), x.plan.migration, 7);
  REQUIRE(other);
  const auto refused = x.run();
  REQUIRE(!refused);
  CHECK(refused.error().kind == trouble_kind::transient);
}

namespace {

/// A file system of three megabytes, while it lives.
struct small_disk {
  std::filesystem::path at;
  bool mounted;

  explicit small_disk(std::filesystem::path where) : at{std::move(where)} {
    fs::create_directories(at);
    mounted = ::mount("tmpfs", at.c_str(), "tmpfs", 0, "size=3m") == 0;
  }
  ~small_disk() {
    if (mounted)
      ::umount2(at.c_str(), MNT_DETACH);
  }
};

} // namespace

TEST_CASE("a full disk is transient and leaves nothing behind") {
  auto x = simple();
  const small_disk disk{x.plan.data_root};
  if (!disk.mounted) {
    WARN("skipped: a small file system cannot be mounted here");
    return;
  }
  std::string text = "a,b\n";
  for (int i = 0; i < 40'000; ++i)
    text += std::to_string(i) + "," + sha256_of_text(std::to_string(i)).substr(0, 40) + "\n";
  x.source(text);
  const auto why = failure_of(x);
  CHECK(why.kind == trouble_kind::transient);
  CHECK(mentions(why.what, {"is full"}));
}
