#include "support.hpp"

#include "counter.hpp"

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <spawn.h>
#include <sstream>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

extern char** environ;

namespace skein::store::test {

namespace fs = std::filesystem;

temporary_folder::temporary_folder() {
  auto name = (fs::temp_directory_path() / "skein-store-XXXXXX").string();
  REQUIRE(mkdtemp(name.data()) != nullptr);
  path_ = name;
}

temporary_folder::~temporary_folder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

appended commit_one(event_log& log, const append& a) {
  auto answers = log.commit({&a, 1});
  REQUIRE(answers.size() == 1);
  if (!answers[0])
    FAIL(answers[0].error().what);
  return *answers[0];
}

void fill(event_log& log, uint64_t count) {
  auto version = value_of(log.stream_version("s"));
  for (uint64_t i = 0; i < count; ++i, ++version)
    commit_one(log, {"s", version, {std::to_string(log.last_sequence() + 1)}});
}

std::vector<std::string> records_of(const log_reader& log) {
  std::vector<std::string> found;
  bool in_order = true; // one assertion for all: an assertion costs more than a record
  value_of(log.read(1, no_limit, [&](const stored& record) {
    in_order = in_order && record.sequence == found.size() + 1;
    found.emplace_back(record.bytes);
    return true;
  }));
  REQUIRE(in_order);
  return found;
}

std::vector<std::string> records_of(const log_reader& log, const std::string& stream) {
  std::vector<std::string> found;
  bool in_order = true;
  value_of(log.read_stream(stream, 1, [&](uint64_t version, const stored& record) {
    in_order = in_order && version == found.size() + 1;
    found.emplace_back(record.bytes);
    return true;
  }));
  REQUIRE(in_order);
  return found;
}

std::string read_file(const fs::path& path) {
  std::ostringstream bytes;
  bytes << std::ifstream{path, std::ios::binary}.rdbuf();
  return bytes.str();
}

void write_file(const fs::path& path, const std::string& bytes) {
  std::ofstream{path, std::ios::binary | std::ios::trunc} << bytes;
}

fs::path newest_wal(const fs::path& folder) {
  fs::path newest;
  for (auto& file : fs::directory_iterator{folder})
    if (file.path().extension() == ".log" && file.file_size() > 0)
      newest = std::max(newest, file.path());
  REQUIRE_FALSE(newest.empty());
  return newest;
}

void copy_live(const fs::path& from, const fs::path& to) {
  fs::copy(from, to, fs::copy_options::recursive);
}

writer_process::writer_process(const fs::path& log, size_t write_buffer_bytes) {
  const auto counter = folder_.path() / "acknowledged";
  write_file(counter, std::string(sizeof(uint64_t), '\0'));
  counter_ = map_counter(counter);
  auto path = log.string();
  auto buffer = std::to_string(write_buffer_bytes);
  auto shared = counter.string();
  std::string program = LOG_WRITER;
  char* arguments[] = {program.data(), path.data(), shared.data(), buffer.data(), nullptr};
  REQUIRE(posix_spawn(&pid_, LOG_WRITER, nullptr, nullptr, arguments, environ) == 0);
}

writer_process::~writer_process() { kill(); }

uint64_t writer_process::acknowledged() const {
  return __atomic_load_n(counter_, __ATOMIC_ACQUIRE);
}

void writer_process::kill() {
  if (pid_ == 0)
    return;
  ::kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  pid_ = 0;
}

full_disk::full_disk() {
  std::signal(SIGXFSZ, SIG_IGN); // so that writes fail instead
  getrlimit(RLIMIT_FSIZE, &before_);
  rlimit full = before_;
  full.rlim_cur = 16 << 10;
  setrlimit(RLIMIT_FSIZE, &full);
}

full_disk::~full_disk() { setrlimit(RLIMIT_FSIZE, &before_); }

bool eventually(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{30};
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline)
      return false;
    std::this_thread::yield();
  }
  return true;
}

} // namespace skein::store::test
