#pragma once

#include "store/database.hpp"
#include "store/recent_appends.hpp"

#include <filesystem>
#include <future>
#include <memory>

namespace skein::store {

/// Brings generations of recent appends to `index`: each becomes one sorted table file, made aside
/// and then handed to RocksDB as a whole, so that it costs commits neither insertions nor room in
/// the write-ahead log.
class index_writer {
public:
  index_writer(const database&, const std::filesystem::path& folder);

  /// Waits for the write under way.
  ~index_writer();

  /// Freezes what was added lately and begins to write it, on a thread of its own. First waits for
  /// the write before, so that there are never more than two generations; if that failed, nothing
  /// is frozen.
  expected<void> begin(recent_appends&);

  /// Waits for the write under way, and answers how it went.
  expected<void> wait();

  /// Empties `index`, so that it can be made anew from `chunks`.
  expected<void> forget_all();

private:
  expected<void> write(const recent_appends::generation&) const;
  void remove_file() const;

  const database& db_;
  std::filesystem::path file_;
  std::future<expected<void>> under_way_;
};

} // namespace skein::store
