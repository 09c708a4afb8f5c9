#include "store/info_log.hpp"

#include <atomic>
#include <cstdarg>
#include <cstdio>
#include <ctime>
#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/ranges.h>
#include <rocksdb/env.h>
#include <unistd.h>

namespace skein::store {

namespace {

constexpr size_t lines_max = 3;
constexpr off_t file_bytes_max = 1 << 20; // when it is opened

std::string render(const char* format, va_list arguments) {
  char text[1024];
  vsnprintf(text, sizeof text, format, arguments);
  std::string_view line = text;
  // "[db/db_impl/db_impl_open.cc:1011] /log/000004.log: dropping ..."
  if (auto end = line.find("] "); line.starts_with('[') && end != line.npos)
    line.remove_prefix(end + 2);
  return std::string{line.substr(0, line.find_last_not_of("\n ") + 1)};
}

class line_file {
public:
  explicit line_file(const std::filesystem::path& path) {
    if (!path.empty())
      file_ = open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (file_ >= 0 && lseek(file_, 0, SEEK_END) > file_bytes_max)
      full_ = ftruncate(file_, 0) != 0;
  }
  ~line_file() {
    if (file_ >= 0)
      close(file_);
  }
  line_file(const line_file&) = delete;
  line_file& operator=(const line_file&) = delete;

  void add(const std::string& line) {
    if (file_ < 0 || full_)
      return;
    const auto text = fmt::format("{:%FT%TZ} {}\n", fmt::gmtime(std::time(nullptr)), line);
    full_ = write(file_, text.data(), text.size()) < 0;
  }

private:
  int file_ = -1;
  std::atomic<bool> full_ = false;
};

class info_log final : public rocksdb::Logger {
public:
  info_log(std::shared_ptr<warning_lines> lines, const std::filesystem::path& file)
      : Logger{rocksdb::WARN_LEVEL}, lines_{std::move(lines)}, file_{file} {}

  ~info_log() override { Close().PermitUncheckedError(); }

  using Logger::Logv;

  void Logv(rocksdb::InfoLogLevel level, const char* format, va_list arguments) override {
    if (level < GetInfoLogLevel() || level == rocksdb::HEADER_LEVEL)
      return;
    auto line = render(format, arguments);
    file_.add(line);
    lines_->add(std::move(line));
  }

  /// The banner of settings that RocksDB prints on every open is not for this log.
  void LogHeader(const char*, va_list) override {}

private:
  rocksdb::Status CloseImpl() override { return rocksdb::Status::OK(); }

  std::shared_ptr<warning_lines> lines_;
  line_file file_;
};

} // namespace

void warning_lines::add(std::string line) {
  std::lock_guard lock{mutex_};
  lines_.push_back(std::move(line));
  if (lines_.size() > lines_max)
    lines_.pop_front();
}

std::string warning_lines::joined() const {
  std::lock_guard lock{mutex_};
  return fmt::format("{}", fmt::join(lines_, "; "));
}

std::shared_ptr<rocksdb::Logger> make_info_log(std::shared_ptr<warning_lines> lines,
                                               const std::filesystem::path& file) {
  return std::make_shared<info_log>(std::move(lines), file);
}

} // namespace skein::store
