#include "store/info_log.hpp"

#include <cstdarg>
#include <cstdio>
#include <fmt/ranges.h>
#include <rocksdb/env.h>

namespace skein::store {

namespace {

constexpr size_t lines_max = 3;

std::string render(const char* format, va_list arguments) {
  char text[1024];
  vsnprintf(text, sizeof text, format, arguments);
  std::string_view line = text;
  // "[db/db_impl/db_impl_open.cc:1011] /log/000004.log: dropping ..."
  if (auto end = line.find("] "); line.starts_with('[') && end != line.npos)
    line.remove_prefix(end + 2);
  return std::string{line.substr(0, line.find_last_not_of("\n ") + 1)};
}

class info_log final : public rocksdb::Logger {
public:
  info_log(std::shared_ptr<warning_lines> lines, std::shared_ptr<rocksdb::Logger> file)
      : Logger{rocksdb::WARN_LEVEL}, lines_{std::move(lines)}, file_{std::move(file)} {}

  ~info_log() override { Close().PermitUncheckedError(); }

  using Logger::Logv;

  void Logv(rocksdb::InfoLogLevel level, const char* format, va_list arguments) override {
    if (level < GetInfoLogLevel() || level == rocksdb::HEADER_LEVEL)
      return;
    va_list again;
    va_copy(again, arguments);
    lines_->add(render(format, again));
    va_end(again);
    if (file_)
      file_->Logv(level, format, arguments);
  }

  /// The banner of settings that RocksDB prints on every open is not for this log.
  void LogHeader(const char*, va_list) override {}

  void Flush() override {
    if (file_)
      file_->Flush();
  }

private:
  rocksdb::Status CloseImpl() override { return rocksdb::Status::OK(); }

  std::shared_ptr<warning_lines> lines_;
  std::shared_ptr<rocksdb::Logger> file_;
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
                                               std::shared_ptr<rocksdb::Logger> file) {
  return std::make_shared<info_log>(std::move(lines), std::move(file));
}

} // namespace skein::store
