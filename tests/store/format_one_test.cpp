#include "raw_database.hpp"
#include "store/database.hpp"
#include "store/keys.hpp"
#include "support.hpp"

#include <algorithm>
#include <map>

using namespace skein::store;
using namespace skein::store::test;
using Catch::Contains;

namespace {

namespace fs = std::filesystem;

constexpr uint64_t streams_in_all = 50;
const std::string id = "0123456789abcdef0123456789abcdef";

std::string be64(uint64_t value) {
  std::string bytes;
  keys::put_be64(bytes, value);
  return bytes;
}

/// What format 1 wrote: `appends` of one to seven records, to 50 streams in turn.
class log_of_format_one {
public:
  explicit log_of_format_one(const fs::path& folder, uint64_t appends) : raw_{folder} {
    for (auto name : {"events", "streams", "snapshots", "meta"})
      raw_.add_family(name);
    raw_.put("meta", "log-id", id);
    raw_.put("meta", "format", "skein event log 1");
    raw_.put("meta", "cursor/relay", be64(7));
    for (uint64_t i = 0; i < appends; ++i)
      append("stream-" + std::to_string(i % streams_in_all), i % 7 + 1);
    raw_.put("snapshots", "stream-0", std::string("\0\0\0\5", 4) + be64(1) + "state");
  }

  const std::vector<std::string>& records() const { return records_; }

private:
  void append(const std::string& stream, uint32_t count) {
    auto& version = versions_[stream];
    std::string entry = be64(records_.size() + 1);
    keys::put_be32(entry, count);
    raw_.put("streams", keys::stream_entry(stream, version + 1), entry);
    for (uint32_t i = 0; i < count; ++i) {
      records_.push_back(stream + ":" + std::to_string(++version) + std::string(100, '.'));
      raw_.put("events", be64(records_.size()), records_.back());
    }
  }

  raw_database raw_;
  std::vector<std::string> records_;
  std::map<std::string, uint64_t> versions_;
};

std::vector<std::string> write_format_one(const fs::path& folder, uint64_t appends) {
  return log_of_format_one{folder, appends}.records();
}

/// As the log of format 1 was, in every way there is to read it; and it can be written to.
void require_all_of_it(event_log& log, const std::vector<std::string>& records) {
  REQUIRE(records_of(log) == records);
  CHECK(log.log_id() == id);
  CHECK(log.warning().empty());
  CHECK(value_of(log.cursor("relay")) == std::min<uint64_t>(7, records.size()));
  CHECK(value_of(log.snapshot("stream-0")) == snapshot{5, 1, "state"});
  uint64_t in_streams = 0;
  check(log.streams("", "", [&](const stream_info& stream) {
    in_streams += stream.version;
    const auto own = records_of(log, std::string{stream.id});
    CHECK(own.size() == stream.version);
    CHECK(own.back() == records.at(stream.last_sequence - 1));
    return true;
  }));
  CHECK(in_streams == records.size());
  const auto version = value_of(log.stream_version("stream-3"));
  commit_one(log, {"stream-3", version, {"more"}});
  CHECK(records_of(log, "stream-3").back() == "more");
}

std::vector<std::string> families_in(const fs::path& folder) {
  std::vector<std::string> names;
  REQUIRE(rocksdb::DB::ListColumnFamilies({}, folder, &names).ok());
  std::ranges::sort(names);
  return names;
}

const std::vector<std::string> families_of_today{"chunks", "default", "index", "meta", "snapshots"};

} // namespace

TEST_CASE("a log of format 1 is brought to today's by opening it for writing") {
  temporary_folder folder;
  const auto records = write_format_one(folder.path(), 2000);
  CHECK_THAT(failure_of(open_log_read_only(folder.path())),
             Contains("format 1") && Contains("start the daemon"));
  require_all_of_it(*value_of(open_log(folder.path())), records);
  CHECK(families_in(folder.path()) == families_of_today);
  CHECK(value_of(open_log(folder.path()))->last_sequence() == records.size() + 1);
  CHECK(records_of(*value_of(open_log_read_only(folder.path()))).size() == records.size() + 1);
}

TEST_CASE("an empty log of format 1 is brought to today's") {
  temporary_folder folder;
  write_format_one(folder.path(), 0);
  auto log = value_of(open_log(folder.path()));
  CHECK(log->last_sequence() == 0);
  fill(*log, 3);
  CHECK(records_of(*log).size() == 3);
}

TEST_CASE("an upgrade that was interrupted starts again, or only ends what is left") {
  temporary_folder folder;
  auto records = write_format_one(folder.path(), 300);
  SECTION("while it copied") {
    raw_database raw{folder.path()};
    raw.add_family("index");
    raw.add_family("chunks");
    for (uint64_t sequence : {1, 90, 5000})
      raw.put("chunks", be64(sequence), "half of a copy");
  }
  SECTION("before it dropped the old families") {
    value_of(open_log(folder.path()));
    raw_database raw{folder.path()};
    raw.add_family("events");
    raw.put("events", be64(records.size()), "what format 1 ended with");
    SECTION("none of them") { raw.add_family("streams"); }
    SECTION("all of them") {}
  }
  require_all_of_it(*value_of(open_log(folder.path())), records);
  CHECK(families_in(folder.path()) == families_of_today);
}

TEST_CASE("an upgrade killed at any moment loses nothing") {
  temporary_folder folder;
  const auto path = folder.path() / "log";
  fs::create_directory(path);
  const auto records = write_format_one(path, 10'000);
  for (int round = 0; round < 6; ++round) {
    const auto copy = folder.path() / std::to_string(round);
    copy_live(path, copy);
    {
      writer_process writer{copy, 1 << 20};
      // The first family is added when it begins; each round looks at the clock a little longer.
      REQUIRE(eventually(
          [&] { return std::ranges::count(database::family_names(copy), "chunks") > 0; }));
      const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds{8 * round};
      REQUIRE(eventually([&] { return std::chrono::steady_clock::now() >= until; }));
    }
    auto found = records_of(*value_of(open_log(copy)));
    REQUIRE(found.size() >= records.size());
    found.resize(records.size()); // the writer may have come to its own
    CHECK(found == records);
    CHECK(families_in(copy) == families_of_today);
  }
}

TEST_CASE("a log of format 1 that lacks a record is refused, and stays as it is") {
  temporary_folder folder;
  write_format_one(folder.path(), 100);
  {
    raw_database raw{folder.path()};
    REQUIRE(raw.db->Delete({}, raw.family("events"), be64(50)).ok());
  }
  CHECK_THAT(failure_of(open_log(folder.path())), Contains("sequence 50 is missing"));
  CHECK(std::ranges::count(families_in(folder.path()), "events") == 1);
  CHECK_THAT(failure_of(open_log(folder.path())), Contains("sequence 50 is missing"));
}
