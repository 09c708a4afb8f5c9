// The audit of a log whose files are damaged below RocksDB.
#include "store/event_log.hpp"
#include "store/log_audit.hpp"
#include "support.hpp"

#include <random>

using namespace skein;
using namespace skein::store;
using namespace skein::store::test;
namespace fs = std::filesystem;

namespace {

constexpr uint64_t count = 3000;

/// Text that no compression makes small, so that there are many blocks.
std::string noise(std::mt19937& random) {
  std::string text(300, '\0');
  for (auto& byte : text)
    byte = static_cast<char>(random());
  return text;
}

/// A log in many files, and its tree.
struct log_on_disk {
  temporary_folder folder;
  fs::path path = folder.path() / "log";
  fs::path tree = folder.path() / "tree";

  log_on_disk() {
    log_options options;
    options.write_buffer_bytes = 64 << 10;
    const auto log = value_of(open_log(path, options));
    std::mt19937 random{1};
    for (uint64_t i = 0; i < count; i += 100) {
      append next{"s", i, {}};
      for (int each = 0; each < 100; ++each)
        next.records.push_back(noise(random));
      commit_one(*log, next);
    }
    const auto kept = value_of(audit_store::open_for_writing(tree, log->log_id()));
    value_of(log->read(1, no_limit, [&](const stored& record) {
      kept->add(merkle::leaf_hash(record.bytes));
      return true;
    }));
    check(kept->write());
  }

  std::vector<fs::path> large_files() const {
    std::vector<fs::path> files;
    for (const auto& file : fs::directory_iterator{path})
      if (file.is_regular_file() && file.file_size() > (16 << 10))
        files.push_back(file.path());
    return files;
  }

  /// Nothing if the log cannot even be opened.
  std::optional<audit_report> verify() const {
    const auto stored_tree = value_of(audit_store::open_for_reading(tree));
    const auto log = open_log_by_sequence(path);
    if (!log)
      return std::nullopt;
    return log_audit{**log, stored_tree.get(), {}}.run();
  }
};

void flip(const fs::path& file, size_t at) {
  auto bytes = read_file(file);
  bytes[at] ^= 0x40;
  write_file(file, bytes);
}

/// Every event was either read and compared, or is among those that are named.
uint64_t accounted_for(const audit_report& found) {
  auto events = found.events;
  for (const auto& x : found.problems)
    if (x.fault == audit_fault::unreadable_event)
      events += x.last - x.first + 1;
  return events;
}

} // namespace

TEST_CASE("events in a damaged block are named, and those behind it are still checked") {
  const log_on_disk disk;
  REQUIRE(disk.verify()->is_clean());
  size_t found_behind = 0;
  for (const auto& file : disk.large_files()) {
    const auto middle = fs::file_size(file) / 2;
    flip(file, middle);
    INFO(file);
    if (const auto found = disk.verify()) {
      CHECK(found->counts.count(audit_fault::altered_event) == 0);
      CHECK(accounted_for(*found) == found->last_sequence);
      if (found->counts.count(audit_fault::unreadable_event) && found->last_sequence == count)
        found_behind += found->events > 0 && found->problems.back().last < count;
    }
    flip(file, middle);
  }
  CHECK(found_behind > 0);
  CHECK(disk.verify()->is_clean());
}
