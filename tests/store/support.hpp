#pragma once

#include "store/event_log.hpp"

#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <sys/resource.h>
#include <sys/types.h>
#include <vector>

namespace skein::store::test {

/// A folder of this test's own, removed at its end.
class temporary_folder {
public:
  temporary_folder();
  ~temporary_folder();
  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;

  const std::filesystem::path& path() const { return path_; }

private:
  std::filesystem::path path_;
};

/// The value, or a failed test that shows the failure's sentence.
template <class T>
T value_of(expected<T> answer) {
  if (!answer)
    FAIL(answer.error().what);
  return std::move(*answer);
}

inline void check(const expected<void>& answer) {
  if (!answer)
    FAIL(answer.error().what);
}

template <class T>
std::string failure_of(const expected<T>& answer) {
  if (answer)
    FAIL("this was expected to fail, and did not");
  return answer.error().what;
}

/// Commits one append and requires that it went well.
appended commit_one(event_log&, const append&);

/// `count` one-record commits to stream "s", whose records are "1", "2"... by sequence.
void fill(event_log&, uint64_t count);

std::vector<std::string> records_of(const log_reader&);
std::vector<std::string> records_of(const log_reader&, const std::string& stream);

std::string read_file(const std::filesystem::path&);
void write_file(const std::filesystem::path&, const std::string& bytes);

/// The newest write-ahead log with something in it.
std::filesystem::path newest_wal(const std::filesystem::path& folder);

/// What a machine that stops without warning leaves: a copy of the folder of a log still open.
void copy_live(const std::filesystem::path& from, const std::filesystem::path& to);

/// The writer of log_writer.cpp in a process of its own; killed at the end at the latest.
class writer_process {
public:
  writer_process(const std::filesystem::path& log, size_t write_buffer_bytes);
  ~writer_process();
  writer_process(const writer_process&) = delete;
  writer_process& operator=(const writer_process&) = delete;

  /// The last sequence whose commit was answered in that process.
  uint64_t acknowledged() const;

  void kill();

private:
  temporary_folder folder_;
  pid_t pid_ = 0;
  const uint64_t* counter_ = nullptr;
};

/// While it lives, no file can be made longer than 16 KiB: what a full disk is to one process.
class full_disk {
public:
  full_disk();
  ~full_disk();
  full_disk(const full_disk&) = delete;
  full_disk& operator=(const full_disk&) = delete;

private:
  rlimit before_{};
};

/// Waits until the condition holds; false if it does not within half a minute.
bool eventually(const std::function<bool()>& condition);

} // namespace skein::store::test
