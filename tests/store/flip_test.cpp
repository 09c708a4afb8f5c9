#include "fault_bench.hpp"

using namespace skein::store;
using namespace skein::store::test;
using Catch::Contains;

namespace {

namespace fs = std::filesystem;

/// Flips a bit of a file and puts it back at the end.
class flipped_bit {
public:
  flipped_bit(fs::path file, size_t offset, int bit)
      : file_{std::move(file)}, before_{read_file(file_)} {
    auto bytes = before_;
    bytes.at(offset) = static_cast<char>(bytes[offset] ^ (1 << bit));
    write_file(file_, bytes);
  }
  ~flipped_bit() { write_file(file_, before_); }

private:
  fs::path file_;
  std::string before_;
};

/// Reads everything there is in every way there is. Whatever does not fail must be as it was.
void read_everything(const log_reader& log, const std::vector<std::string>& wanted) {
  std::vector<std::string> found;
  auto all = log.read(1, no_limit, [&](const stored& record) {
    found.emplace_back(record.bytes);
    return true;
  });
  if (all)
    CHECK(found == wanted);
  else
    CHECK_THAT(all.error().what, Contains("sequence " + std::to_string(found.size() + 1)));
  for (auto& [stream, version_max] : scripted_versions(commits_of_a_run)) {
    uint64_t records = 0;
    auto some = log.read_stream(stream, 1, [&](uint64_t version, const stored& record) {
      ++records;
      CHECK(version == records);
      CHECK(record.bytes == wanted.at(record.sequence - 1));
      return true;
    });
    if (some)
      CHECK(records == version_max);
  }
}

/// Offsets of a file to try: all of a small one, evenly spread ones of a large one and more at its
/// end, where damage can look like an end.
std::vector<size_t> offsets_in(const fs::path& file) {
  constexpr size_t small = 128, samples = 32, end_bytes = 48;
  const auto size = fs::file_size(file);
  const auto step = size <= small ? 1 : size / samples;
  std::vector<size_t> all;
  for (size_t offset = size <= small ? 0 : 3; offset < size; offset += step)
    all.push_back(offset);
  for (size_t offset = size <= small ? size : size - end_bytes; offset < size; offset += 3)
    all.push_back(offset);
  return all;
}

/// A log whose daemon was killed: with table files, and a write-ahead log that is needed.
struct stopped_log {
  temporary_folder folder;
  fs::path path = folder.path() / "copy";
  std::vector<std::string> records = scripted_records(commits_of_a_run);

  stopped_log() {
    auto log = value_of(open_log(folder.path() / "log", small_buffers()));
    REQUIRE(run_script(*log, 0, commits_of_a_run).refused.empty());
    copy_live(folder.path() / "log", path);
  }

  /// Calls it for each flip, with the file's name and the offset.
  template <class Try>
  void flip_everywhere(Try attempt) const {
    std::vector<std::string> names;
    for (auto& file : fs::directory_iterator{path})
      names.push_back(file.path().filename());
    for (auto& name : names)
      for (auto offset : offsets_in(path / name)) {
        INFO("bit " << offset % 8 << " of byte " << offset << " of " << name);
        flipped_bit flip{path / name, offset, static_cast<int>(offset % 8)};
        attempt();
      }
  }
};

} // namespace

TEST_CASE("whoever reads the log beside its writer never takes a flipped bit for a record") {
  const stopped_log stopped;
  uint64_t refused = 0;
  stopped.flip_everywhere([&] {
    if (auto log = open_log_read_only(stopped.path))
      read_everything(**log, stopped.records);
    else
      ++refused;
  });
  CHECK(refused > 0);
}

TEST_CASE("no opening for writing takes a flipped bit for a record, or leaves one out") {
  const stopped_log stopped;
  uint64_t refused = 0;
  stopped.flip_everywhere([&] {
    const auto victim = stopped.folder.path() / "victim";
    fs::remove_all(victim);
    copy_live(stopped.path, victim);
    if (auto log = open_log(victim, small_buffers()))
      read_everything(**log, stopped.records);
    else
      ++refused;
  });
  CHECK(refused > 0);
}

TEST_CASE("no flipped bit in the header of a commit makes it look like the log's end") {
  // A record of the write-ahead log: crc:le32 length:le16 type:u8 bytes. Some types mean that the
  // file was used before and the record is an old one.
  const stopped_log stopped;
  const auto wal = newest_wal(stopped.path);
  for (size_t bit = 4 * 8; bit < 7 * 8; ++bit) { // any flip in a checksum is like any other
    INFO("bit " << bit);
    flipped_bit flip{wal, bit / 8, static_cast<int>(bit % 8)};
    if (auto log = open_log_read_only(stopped.path))
      read_everything(**log, stopped.records);
    const auto victim = stopped.folder.path() / "victim";
    fs::remove_all(victim);
    copy_live(stopped.path, victim);
    if (auto log = open_log(victim, small_buffers()))
      read_everything(**log, stopped.records);
  }
}
