#pragma once

#include "events/failure.hpp"

#include <filesystem>

namespace skein::store {

/// Keeps two processes that change the same small file apart: flock(2) on `<file>.lock`, which is
/// made with its folder if need be, and stays. Held until destroyed, or until the process ends.
class file_lock {
public:
  /// Waits for whoever has it.
  static expected<file_lock> take(const std::filesystem::path& file);

  file_lock(file_lock&&) noexcept;
  file_lock& operator=(file_lock&&) = delete;
  ~file_lock();

private:
  explicit file_lock(int descriptor) : descriptor_{descriptor} {}
  int descriptor_;
};

} // namespace skein::store
