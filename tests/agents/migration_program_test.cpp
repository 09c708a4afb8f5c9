#include "fixtures.hpp"
#include "metadata_server.hpp"
#include "program.hpp"

#include <catch2/catch.hpp>

using namespace skein::agents::test;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

struct films_on_disk {
  metadata_server store;
  temporary_folder root;

  films_on_disk() { put(data() / "films" / "v1" / "films.csv", films_csv); }

  fs::path data() const { return root.path() / "data"; }

  /// `before`: words of a program that runs the agent.
  program_run run(program_options asked = {}, const std::vector<std::string>& before = {}) const {
    asked.argv.insert(asked.argv.begin(), SKEIN_MIGRATION_AGENT);
    asked.argv.insert(asked.argv.begin(), before.begin(), before.end());
    asked.env.insert({{"METADATA_API", store.url()},
                      {"SKEIN_MIGRATION_ID", "films@v2"},
                      {"SKEIN_DATASET_ID", "films"},
                      {"SKEIN_CURRENT_VERSION", "v1"},
                      {"SKEIN_TARGET_VERSION", "v2"},
                      {"SKEIN_ATTEMPT", "1"},
                      {"SKEIN_DATA_ROOT", data().string()},
                      {"SKEIN_WORK_DIR", (root.path() / "work").string()}});
    return run_program(std::move(asked));
  }

  void move_store_to(const char* version) {
    store.edit([&](metadata_server& x) { x.datasets["films"]["current_version"] = version; });
  }
};

} // namespace

TEST_CASE("migration-agent moves the data and writes the version back") {
  films_on_disk x;
  const auto run = x.run();
  CAPTURE(run.reason);
  CHECK(run.exit_code == 0);
  CHECK(get(x.data() / "films" / "v2" / "films.csv")
        == "title,Gross\nJaws,260000000\nThe Piano,40157856\n");
  CHECK(x.store.version_of("films") == "v2");
  CHECK(run.output.at("rows") == 2);
  CHECK(run.output.at("phases").size() == 3);
  CHECK(run.lines.size() >= 5);
  CHECK(nothing_staged(x.data()));
  CHECK(fs::is_empty(x.root.path() / "work"));
}

TEST_CASE("migration-agent puts the old version back and keeps the new one aside") {
  films_on_disk x;
  REQUIRE(x.run().exit_code == 0);
  const auto back = x.run({.argv = {"--roll-back"}, .env = {{"SKEIN_EPOCH", "3"}}});
  CAPTURE(back.reason);
  REQUIRE(back.exit_code == 0);
  CHECK(x.store.version_of("films") == "v1");
  CHECK_FALSE(fs::exists(x.data() / "films" / "v2"));
  const auto kept = x.data() / "films" / ".rolled-back" / "films@v2" / "3";
  CHECK(fs::exists(kept / "films.csv"));
  CHECK(back.output.at("kept") == kept.string());
  CHECK(back.output.at("current_version") == "v1");
  SECTION("a repeat changes nothing") {
    const auto again = x.run({.argv = {"--roll-back"}, .env = {{"SKEIN_EPOCH", "4"}}});
    CHECK(again.exit_code == 0);
    CHECK_FALSE(again.output.contains("kept"));
  }
  SECTION("the migration can be done again") {
    CHECK(x.run({.argv = {}, .env = {{"SKEIN_ATTEMPT", "5"}}}).exit_code == 0);
    CHECK(x.store.version_of("films") == "v2");
  }
}

TEST_CASE(
    "migration-agent puts nothing back where the old data are gone, or a third version counts") {
  films_on_disk x;
  REQUIRE(x.run().exit_code == 0);
  SECTION("no old data") {
    fs::remove(x.data() / "films" / "v1" / "films.csv");
    const auto back = x.run({.argv = {"--roll-back"}, .env = {}});
    CHECK(back.exit_code == 1);
    CHECK_THAT(back.reason, Catch::Contains("films.csv, the data of version v1, is not there"));
    CHECK(x.store.version_of("films") == "v2");
  }
  SECTION("a third version") {
    x.move_store_to("v3");
    const auto back = x.run({.argv = {"--roll-back"}, .env = {}});
    CHECK(back.exit_code == 1);
    CHECK_THAT(back.reason, Catch::Contains("neither at v2 nor at v1"));
  }
  SECTION("a folder that is somebody else's") {
    fs::remove(x.data() / "films" / "v2" / "_skein.json");
    CHECK(x.run({.argv = {"--roll-back"}, .env = {}}).exit_code == 0);
    CHECK(fs::exists(x.data() / "films" / "v2" / "films.csv"));
  }
}

TEST_CASE("a run after the crash of a finished one reports the same") {
  films_on_disk x;
  auto first = x.run();
  SECTION("before the version was written back") { x.move_store_to("v1"); }
  SECTION("after it") {}
  auto second = x.run();
  CHECK(second.exit_code == 0);
  CHECK(x.store.version_of("films") == "v2");
  CHECK(second.output.at("already_published") == true);
  CHECK(second.output.at("checksums") == first.output.at("checksums"));
}

TEST_CASE("somebody else's version is a failure for good, data kept") {
  films_on_disk x;
  CHECK(x.run().exit_code == 0);
  x.move_store_to("v9");
  const auto run = x.run();
  CHECK(run.exit_code == 1);
  CHECK(run.reason.find("is at v9") != std::string::npos);
}

TEST_CASE("flags override the environment; names nobody expanded are refused") {
  films_on_disk x;
  const auto other = x.run({{"--dataset-id", "books", "--target-version", "v2"}, {}});
  CHECK(other.exit_code == 1);
  CHECK(other.reason.find("books") != std::string::npos);
  const auto raw = x.run({{"--dataset-id", "${NOMAD_META_DATASET_ID}"}, {}});
  CHECK(raw.exit_code == 1);
  CHECK(raw.reason.find("nobody has expanded") != std::string::npos);
}

TEST_CASE("an open question of the mapping stops the agent") {
  films_on_disk x;
  x.store.edit([](metadata_server& store) {
    auto& mapping = store.documents["films/mappings/v1..v2"];
    mapping.replace(mapping.find("cast: Gross"), 11, "decide: \"Dollars or cents?\"");
  });
  const auto run = x.run();
  CHECK(run.exit_code == 1);
  CHECK(run.reason.find("Dollars or cents?") != std::string::npos);
}

TEST_CASE("bad data fails for good and is named; the version stays") {
  films_on_disk x;
  put(x.data() / "films" / "v1" / "films.csv", "Title,Gross,Director\nJaws,lots,\n");
  const auto run = x.run();
  CHECK(run.exit_code == 1);
  CHECK(run.reason.find("Row 1 of") == 0);
  CHECK(run.reason.find("'lots'") != std::string::npos);
  CHECK(x.store.version_of("films") == "v1");
  CHECK(nothing_staged(x.data()));
}

TEST_CASE("SIGTERM ends the work at once, asks for a retry and leaves nothing") {
  films_on_disk x;
  x.store.edit([](metadata_server& store) {
    store.documents["films/contracts/v2"]
        += "      - {name: slow, type: sql, mustBe: 0, query: \"SELECT count(*) FROM "
           "range(1000000) a, "
           "range(1000000) b WHERE hash(a.range, b.range) = 1\"}\n";
  });
  const auto run = x.run({{}, {}, {}, "validation"});
  CHECK(run.exit_code == 75);
  CHECK(nothing_staged(x.data()));
  CHECK(!fs::exists(x.data() / "films" / "v2"));
  CHECK(x.store.version_of("films") == "v1");
}

TEST_CASE("without a data root there is nothing to migrate") {
  films_on_disk x;
  const auto run = x.run({{}, {{"SKEIN_DATA_ROOT", "relative"}}});
  CHECK(run.exit_code == 1);
  CHECK(run.reason.find("SKEIN_DATA_ROOT") != std::string::npos);
}

namespace {

/// Mounts a file system on `$1`, with what was there on it, runs the other words, and leaves a copy
/// in `$2`, which can be looked at when the mount has gone with its namespace.
constexpr const char* on_second_disk = R"(
at=$1 copy=$2 code=0; shift 2
mkdir -p "$at"
cp -a "$at" "$copy"
mount -t tmpfs tmpfs "$at" || exit 99
cp -a "$copy/." "$at"
"$@" || code=$?
rm -r "$copy"
cp -a "$at" "$copy"
exit $code)";

/// Runs the agent where the folder `at` is a file system of its own.
program_run run_on_second_disk(const films_on_disk& x, const fs::path& at,
                               program_options asked = {}) {
  return x.run(std::move(asked), {"/usr/bin/unshare", "-rm", "/bin/sh", "-ec", on_second_disk, "sh",
                                  at.string(), (x.root.path() / "copy").string()});
}

bool cannot_mount() {
  const auto tried = run_program(
      {{"/usr/bin/unshare", "-rm", "/bin/sh", "-c", "mount -t tmpfs tmpfs /mnt"}, {}});
  if (tried.exit_code != 0)
    WARN("skipped: a second file system cannot be mounted here: " << tried.reason);
  return tried.exit_code != 0;
}

} // namespace

TEST_CASE("a dataset's folder may be a file system of its own, there and back") {
  if (cannot_mount())
    return;
  films_on_disk x;
  const auto copy = x.root.path() / "copy";
  put(x.data() / "films" / ".staging" / "films@v2" / "1" / "half.csv", "a killed attempt's");
  const auto run = run_on_second_disk(x, x.data() / "films");
  CAPTURE(run.reason);
  REQUIRE(run.exit_code == 0);
  CHECK(get(copy / "v2" / "films.csv") == "title,Gross\nJaws,260000000\nThe Piano,40157856\n");
  CHECK(nothing_staged(copy));
  CHECK(x.store.version_of("films") == "v2");
  fs::remove_all(x.data() / "films");
  fs::rename(copy, x.data() / "films");
  const auto back = run_on_second_disk(x, x.data() / "films",
                                       {.argv = {"--roll-back"}, .env = {{"SKEIN_EPOCH", "3"}}});
  CAPTURE(back.reason);
  REQUIRE(back.exit_code == 0);
  CHECK(fs::exists(copy / ".rolled-back" / "films@v2" / "3" / "films.csv"));
  CHECK(!fs::exists(copy / "v2"));
}

TEST_CASE("a version's folder cannot be a mount point, and the agent says what to do at once") {
  if (cannot_mount())
    return;
  films_on_disk x;
  const auto run = run_on_second_disk(x, x.data() / "films" / "v2");
  CHECK(run.exit_code == 1);
  CHECK_THAT(run.reason, Catch::Contains("films/v2 is a mount point")
                             && Catch::Contains("mount the file system on")
                             && Catch::Contains("films/v2/data"));
  CHECK(x.store.version_of("films") == "v1");
  CHECK(nothing_staged(x.data()));
}
