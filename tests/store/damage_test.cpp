#include "store/wal_size.hpp"
#include "support.hpp"

#include <algorithm>

using namespace skein::store;
using namespace skein::store::test;
using Catch::Contains;

namespace {

namespace fs = std::filesystem;

/// A log of 100 commits whose machine stopped without warning.
struct stopped_log {
  temporary_folder folder;
  fs::path path = folder.path() / "copy";

  stopped_log() {
    auto log = value_of(open_log(folder.path() / "log"));
    fill(*log, 100);
    copy_live(folder.path() / "log", path);
  }
};

void flip(const fs::path& file, size_t offset) {
  auto bytes = read_file(file);
  bytes.at(offset) ^= 0x10;
  write_file(file, bytes);
}

std::vector<fs::path> files_of(const fs::path& folder, const std::string& extension) {
  std::vector<fs::path> found;
  for (auto& file : fs::directory_iterator{folder})
    if (file.path().extension() == extension)
      found.push_back(file.path());
  return found;
}

/// Whether opening or reading all of it says that something is wrong.
bool damage_is_reported(const fs::path& path) {
  auto log = open_log(path);
  if (!log)
    return true;
  return !(*log)->read(1, no_limit, [](const stored&) { return true; });
}

} // namespace

TEST_CASE("a log that was never closed opens without a warning") {
  stopped_log stopped;
  auto log = value_of(open_log(stopped.path));
  CHECK(log->warning().empty());
  CHECK(records_of(*log).size() == 100);
}

TEST_CASE("half a write at the end that nobody was answered is cut without a word") {
  temporary_folder folder;
  const auto path = folder.path() / "copy";
  {
    auto log = value_of(open_log(folder.path() / "log"));
    fill(*log, 10);
    fs::copy(folder.path() / "log" / "acknowledged", folder.path() / "mark");
    fill(*log, 1);
    copy_live(folder.path() / "log", path);
  }
  fs::copy(folder.path() / "mark", path / "acknowledged", fs::copy_options::overwrite_existing);
  auto wal = newest_wal(path);
  fs::resize_file(wal, fs::file_size(wal) - 11);
  auto log = value_of(open_log(path));
  CHECK(log->warning().empty());
  CHECK(log->last_sequence() == 10);
  CHECK(commit_one(*log, {"s", 10, {"11"}}) == appended{11, 11});
}

TEST_CASE("a torn tail is cut at the last whole commit, and acknowledged records gone are named") {
  stopped_log stopped;
  auto wal = newest_wal(stopped.path);
  fs::resize_file(wal, fs::file_size(wal) - 20);
  {
    auto log = value_of(open_log(stopped.path));
    CHECK(log->last_sequence() == 99);
    CHECK_THAT(log->warning(), Contains("ends at sequence 99") && Contains("up to 100")
                                   && Contains(wal.filename().string()));
    CHECK(value_of(log->stream_version("s")) == 99);
    fill(*log, 1);
  }
  auto log = value_of(open_log(stopped.path));
  CHECK(log->warning().empty());
  CHECK(records_of(*log).back() == "100");
}

TEST_CASE("a bit flipped in the write-ahead log is refused, with the file and what is whole") {
  stopped_log stopped;
  auto wal = newest_wal(stopped.path);
  flip(wal, fs::file_size(wal) / 2);
  const auto before = read_file(wal);
  const auto why = failure_of(open_log(stopped.path));
  CHECK_THAT(why, Contains(wal.filename().string()) && Contains("sequence"));
  CHECK_THAT(why, Contains("restore") && Contains("repair"));
  CHECK(read_file(wal) == before);
  CHECK(failure_of(open_log(stopped.path)) == why);

  log_options repair;
  repair.damage = on_damage::cut;
  auto log = value_of(open_log(stopped.path, repair));
  CHECK_THAT(log->warning(), Contains("up to 100 were acknowledged"));
  CHECK(log->last_sequence() > 0);
  CHECK(log->last_sequence() < 100);
  CHECK(records_of(*log).size() == log->last_sequence());
  fill(*log, 1);
}

TEST_CASE("no single flipped bit of the write-ahead log goes unnoticed") {
  stopped_log stopped;
  const auto wal = newest_wal(stopped.path).filename();
  const auto size = fs::file_size(stopped.path / wal);
  const auto victim = stopped.folder.path() / "victim";
  for (size_t offset = 3; offset < size; offset += size / 60) {
    fs::remove_all(victim);
    copy_live(stopped.path, victim);
    flip(victim / wal, offset);
    INFO("byte " << offset << " of " << size);
    CHECK(damage_is_reported(victim));
  }
}

TEST_CASE(
    "a write-ahead log that lost its end or is gone, with a later one behind it, is refused") {
  temporary_folder folder;
  fs::path path;
  std::vector<fs::path> wals;
  // How many there are when the writer dies is a matter of its flushes.
  REQUIRE(eventually([&, round = 0]() mutable {
    path = folder.path() / std::to_string(++round);
    {
      writer_process writer{path, 256 << 10};
      if (!eventually([&] { return writer.acknowledged() > 6000; }))
        return false;
    }
    wals = files_of(path, ".log");
    return wals.size() > 1;
  }));
  std::ranges::sort(wals);
  SECTION("cut") { fs::resize_file(wals[0], fs::file_size(wals[0]) - 20); }
  SECTION("gone") { fs::remove(wals[0]); }
  CHECK_THAT(failure_of(open_log(path)), Contains("WAL") && Contains("restore"));
}

TEST_CASE("a record that fails its checksum in a table file is named by its sequence") {
  temporary_folder folder;
  {
    auto log = value_of(open_log(folder.path()));
    for (uint64_t i = 0; i < 50; ++i)
      commit_one(*log, {"s", i, {std::to_string(i) + std::string(2000, '.')}});
  }
  fs::path largest;
  for (auto& file : fs::directory_iterator{folder.path()})
    if (file.path().extension() == ".sst"
        && (largest.empty() || file.file_size() > fs::file_size(largest)))
      largest = file.path();
  flip(largest, fs::file_size(largest) / 3);

  auto log = open_log(folder.path());
  REQUIRE(log);
  uint64_t good = 0;
  const auto why = failure_of((*log)->read(1, no_limit, [&](const stored& record) {
    good = record.sequence;
    return true;
  }));
  CHECK_THAT(why, Contains("cannot read sequence " + std::to_string(good + 1)));
  CHECK_THAT(why, Contains(largest.filename().string()));
  CHECK_FALSE((*log)->read_stream("s", 1, [](uint64_t, const stored&) { return true; }));
}

TEST_CASE("a log without its mark, as in a backup, opens all the same") {
  stopped_log stopped;
  fs::remove(stopped.path / "acknowledged");
  CHECK(value_of(open_log(stopped.path))->last_sequence() == 100);
  CHECK(fs::exists(stopped.path / "acknowledged"));
}
