#include "raw_database.hpp"
#include "support.hpp"

using namespace skein::store;
using namespace skein::store::test;
using Catch::Contains;

namespace {

namespace fs = std::filesystem;

log_options small_index() {
  log_options options;
  options.cached_versions_max = 10;
  return options;
}

/// `count` commits of one record each to "a", "b" and "c" in turn.
void fill_three(event_log& log, uint64_t count) {
  for (uint64_t i = 0; i < count; ++i) {
    const std::string stream(1, static_cast<char>('a' + log.last_sequence() % 3));
    const auto version = value_of(log.stream_version(stream));
    commit_one(log, {stream, version, {stream + std::to_string(version + 1)}});
  }
}

void require_three(const log_reader& log, uint64_t count) {
  std::vector<std::string> ids;
  uint64_t records = 0;
  check(log.streams("", "", [&](const stream_info& stream) {
    ids.emplace_back(stream.id);
    records += stream.version;
    CHECK(value_of(log.stream_version(stream.id)) == stream.version);
    return true;
  }));
  CHECK(ids == std::vector<std::string>{"a", "b", "c"});
  CHECK(records == count);
  for (auto& id : ids)
    for (uint64_t from = 1; auto& record : records_of(log, id))
      CHECK(record == id + std::to_string(from++));
}

} // namespace

TEST_CASE("streams are whole wherever the index has got to") {
  temporary_folder folder;
  auto log = value_of(open_log(folder.path(), small_index()));
  auto follower = value_of(open_log_read_only(folder.path()));
  for (uint64_t count = 3; count < 100; ++count) {
    fill_three(*log, count - log->last_sequence());
    require_three(*log, count);
    if (count % 7 == 0) {
      check(follower->refresh());
      require_three(*follower, count);
      require_three(*value_of(open_log_read_only(folder.path())), count);
    }
  }
}

TEST_CASE("a table that a crash left under its first name, too, is not written over") {
  temporary_folder folder;
  fill_three(*value_of(open_log(folder.path(), small_index())), 60);
  std::vector<fs::path> tables;
  for (const auto& file : fs::directory_iterator{folder.path()})
    if (file.path().extension() == ".sst")
      tables.push_back(file.path());
  REQUIRE(tables.size() > 1);
  for (const auto& table : tables) {
    const auto left = folder.path() / "index.new";
    fs::remove(left);
    if (fs::exists(table)) // no compaction was faster
      fs::create_hard_link(table, left);
    auto log = value_of(open_log(folder.path(), small_index()));
    fill_three(*log, 30);
    const auto count = log->last_sequence();
    log.reset();
    require_three(*value_of(open_log_read_only(folder.path())), count);
  }
}

TEST_CASE("what a crash keeps from the index is found in the log again") {
  temporary_folder folder;
  auto log = value_of(open_log(folder.path() / "log", small_index()));
  for (uint64_t count = 3; count < 60; count += 5) {
    fill_three(*log, count - log->last_sequence());
    const auto copy = folder.path() / std::to_string(count);
    copy_live(folder.path() / "log", copy);
    require_three(*value_of(open_log(copy)), count);
    require_three(*value_of(open_log(copy)), count);
  }
}

TEST_CASE("an index that is gone, or leads beyond a log that lost its end, is made anew") {
  temporary_folder folder;
  {
    auto log = value_of(open_log(folder.path(), small_index()));
    fill_three(*log, 50);
  }
  uint64_t left = 50;
  {
    raw_database raw{folder.path()};
    SECTION("gone") {
      REQUIRE(raw.db->DropColumnFamily(raw.family("index")).ok());
      raw.add_family("index");
    }
    SECTION("beyond the end") {
      std::unique_ptr<rocksdb::Iterator> at{raw.db->NewIterator({}, raw.family("chunks"))};
      for (at->SeekToLast(); left > 31; --left, at->Prev())
        REQUIRE(raw.db->Delete({}, raw.family("chunks"), at->key()).ok());
      fs::remove(folder.path() / "acknowledged");
    }
  }
  auto log = value_of(open_log(folder.path(), small_index()));
  REQUIRE(log->last_sequence() == left);
  require_three(*log, left);
  fill_three(*log, 20);
  require_three(*log, left + 20);
}

TEST_CASE("a chunk that is not what was written is named by its sequence") {
  temporary_folder folder;
  {
    auto log = value_of(open_log(folder.path()));
    fill(*log, 20);
  }
  {
    raw_database raw{folder.path()};
    std::unique_ptr<rocksdb::Iterator> at{raw.db->NewIterator({}, raw.family("chunks"))};
    at->SeekToFirst();
    for (int i = 1; i < 7; ++i)
      at->Next();
    auto value = at->value().ToString();
    value[value.size() / 2] ^= 1;
    REQUIRE(raw.db->Put({}, raw.family("chunks"), at->key(), value).ok());
  }
  auto log = value_of(open_log(folder.path()));
  uint64_t seen = 0;
  CHECK_THAT(failure_of(log->read(1, no_limit, [&](const stored&) { return ++seen > 0; })),
             Contains("cannot read sequence 7") && Contains("damaged"));
  CHECK(seen == 6);
  CHECK_THAT(failure_of(log->read_stream("s", 7, [](uint64_t, auto&) { return true; })),
             Contains("cannot read sequence 7"));
}

TEST_CASE("an index that leads to another stream's records is found out") {
  temporary_folder folder;
  {
    auto log = value_of(open_log(folder.path()));
    fill_three(*log, 9);
  }
  {
    raw_database raw{folder.path()};
    std::unique_ptr<rocksdb::Iterator> at{raw.db->NewIterator({}, raw.family("index"))};
    at->Seek("b");
    const auto run_of_b = at->value().ToString();
    at->Seek("c");
    REQUIRE(raw.db->Put({}, raw.family("index"), at->key(), run_of_b).ok());
  }
  auto log = value_of(open_log(folder.path()));
  CHECK_THAT(failure_of(log->read_stream("c", 1, [](uint64_t, auto&) { return true; })),
             Contains("index of stream c"));
}
