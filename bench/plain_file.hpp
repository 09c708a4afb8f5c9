#pragma once

#include "store/event_log.hpp"

#include <filesystem>
#include <span>
#include <string>

namespace skein::bench {

/// What no log can beat: the batch's records, each behind its length, in one write to the end of a
/// file, and one fdatasync.
class plain_file {
public:
  explicit plain_file(const std::filesystem::path&);
  ~plain_file();
  plain_file(const plain_file&) = delete;
  plain_file& operator=(const plain_file&) = delete;

  void append(std::span<const store::append> batch);

private:
  int file_;
  std::string bytes_;
};

} // namespace skein::bench
