#pragma once

#include "store/tree_head.hpp"

#include <filesystem>
#include <functional>

namespace skein::store {

/// The file that heads are appended to, one note behind the other with an empty line in between. It
/// may live on another disk or be shipped elsewhere: whoever alters the log then has to alter this
/// too.
class heads_file {
public:
  /// Opens the file, or makes it with its folder. A last head that a crash cut short is cut off;
  /// warning() says so.
  static expected<heads_file> open(const std::filesystem::path&);

  const std::string& warning() const { return warning_; }

  /// The last whole note; empty if there is none.
  const std::string& last() const { return last_; }

  /// On disk when this returns, with one fsync for all.
  expected<void> append(const std::vector<std::string>& notes);

private:
  explicit heads_file(std::filesystem::path path) : path_{std::move(path)} {}
  expected<void> find_last();

  std::filesystem::path path_;
  std::string warning_;
  std::string last_;
};

/// Calls `visit` with each whole note among the first `bytes` of a file, and the number (from 1) it
/// has in it; answers how many bytes follow the last one: none, if the file is whole.
expected<size_t> each_note(const std::filesystem::path&,
                           const std::function<void(uint64_t number, std::string_view note)>& visit,
                           uint64_t bytes = UINT64_MAX);

} // namespace skein::store
