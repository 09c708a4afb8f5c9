#include "raw_database.hpp"
#include "support.hpp"

using namespace skein::store;
using namespace skein::store::test;
using Catch::Contains;

namespace {

namespace fs = std::filesystem;

std::string opening_fails(const fs::path& path) { return failure_of(open_log(path)); }

} // namespace

TEST_CASE("a log is created where there is nothing, and found again") {
  temporary_folder folder;
  const auto path = folder.path() / "not" / "there" / "yet";
  std::string id;
  {
    auto log = value_of(open_log(path));
    id = log->log_id();
    CHECK(id.size() == 32);
    CHECK(log->last_sequence() == 0);
    CHECK(log->warning().empty());
  }
  CHECK(value_of(open_log(path))->log_id() == id);
  CHECK(value_of(open_log(folder.path() / "another"))->log_id() != id);
}

TEST_CASE("a second opening is refused while the first lives, and says so") {
  temporary_folder folder;
  {
    auto log = value_of(open_log(folder.path()));
    CHECK_THAT(opening_fails(folder.path()),
               Contains("already open") && Contains(folder.path().string()));
    fill(*log, 1);
  }
  CHECK(value_of(open_log(folder.path()))->last_sequence() == 1);
}

TEST_CASE("a log that another process writes to is refused") {
  temporary_folder folder;
  const auto path = folder.path() / "log";
  writer_process writer{path, 1 << 20};
  REQUIRE(eventually([&] { return writer.acknowledged() > 0; }));
  CHECK_THAT(opening_fails(path), Contains("already open"));
  writer.kill();
  CHECK(open_log(path));
}

TEST_CASE("a folder with something else in it is left alone") {
  temporary_folder folder;
  write_file(folder.path() / "thesis.txt", "precious");
  CHECK_THAT(opening_fails(folder.path()), Contains("thesis.txt") && Contains("CURRENT"));
  CHECK_THAT(opening_fails(folder.path() / "thesis.txt"), Contains("not a folder"));
  CHECK(fs::file_size(folder.path() / "thesis.txt") == 8);
  CHECK(std::distance(fs::directory_iterator{folder.path()}, {}) == 1);
}

TEST_CASE("a log of a newer format is refused, and stays as it was") {
  temporary_folder folder;
  {
    auto log = value_of(open_log(folder.path()));
    fill(*log, 3);
  }
  {
    raw_database raw{folder.path()};
    REQUIRE(raw.db->Put({}, raw.family("meta"), "format", "skein event log 3").ok());
  }
  CHECK_THAT(opening_fails(folder.path()), Contains("\"skein event log 3\"") && Contains("newer"));
  CHECK_THAT(failure_of(open_log_read_only(folder.path())), Contains("\"skein event log 3\""));
}

TEST_CASE("a column family that is missing or unknown is named") {
  temporary_folder folder;
  {
    auto log = value_of(open_log(folder.path()));
    fill(*log, 3);
  }
  {
    raw_database raw{folder.path()};
    SECTION("missing") { REQUIRE(raw.db->DropColumnFamily(raw.family("index")).ok()); }
    SECTION("unknown") { raw.add_family("merkle"); }
  }
  CHECK_THAT(opening_fails(folder.path()),
             Contains("lacks the column family index") || Contains("unknown column family merkle"));
}

TEST_CASE("another program's database is not taken for a log") {
  temporary_folder folder;
  {
    raw_database raw{folder.path()};
    REQUIRE(raw.db->Put({}, "theirs", "x").ok());
    REQUIRE(raw.db->Flush({}).ok());
  }
  CHECK_THAT(opening_fails(folder.path()), Contains("lacks the column family chunks"));
}

TEST_CASE("a creation that was interrupted is finished by the next opening") {
  temporary_folder folder;
  {
    raw_database raw{folder.path()};
    raw.add_family("chunks");
  }
  CHECK_THAT(failure_of(open_log_read_only(folder.path())), Contains("lacks the column family"));
  auto log = value_of(open_log(folder.path()));
  fill(*log, 2);
  CHECK(records_of(*log, "s").size() == 2);
}

TEST_CASE("an interrupted creation that got no further than RocksDB's first files is finished") {
  temporary_folder folder;
  for (auto name : {"LOCK", "IDENTITY", "MANIFEST-000001", "000001.dbtmp"})
    write_file(folder.path() / name, "");
  CHECK(value_of(open_log(folder.path()))->last_sequence() == 0);
}

TEST_CASE("a damaged or lost CURRENT file is an error, not a new log") {
  temporary_folder folder;
  {
    auto log = value_of(open_log(folder.path()));
    fill(*log, 3);
  }
  const auto current = folder.path() / "CURRENT";
  SECTION("garbage") { write_file(current, "gibberish"); }
  SECTION("empty") { write_file(current, ""); }
  SECTION("names a manifest that is not there") { write_file(current, "MANIFEST-999999\n"); }
  SECTION("gone") { fs::remove(current); }
  CHECK_THAT(opening_fails(folder.path()), Contains(folder.path().string()) && Contains("restore"));
}

TEST_CASE("a read-only opening needs a log to be there") {
  temporary_folder folder;
  CHECK_THAT(failure_of(open_log_read_only(folder.path() / "nothing")),
             Contains("there is no event log"));
  CHECK_FALSE(fs::exists(folder.path() / "nothing"));
}
