#pragma once

#include "events/failure.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace skein::store {

/// False ends the scan. The views are valid only during the call.
using row_visitor = std::function<bool(std::string_view key, std::string_view row)>;

/// A read model worked out from the event log: rows under sorted keys, and how far into the log
/// they reach. For any number of threads.
class view_reader {
public:
  virtual ~view_reader() = default;

  virtual expected<std::optional<std::string>> get(std::string_view key) const = 0;

  /// What is under each of the keys, in their order.
  virtual expected<std::vector<std::optional<std::string>>>
  get_all(std::span<const std::string> keys) const;

  /// Visits at most `limit` rows whose key starts with `prefix` ("" for all) and is greater than
  /// `after` ("" to start), in byte order.
  virtual expected<void> scan(std::string_view prefix, std::string_view after, uint64_t limit,
                              const row_visitor& visit) const = 0;

  /// The last sequence of the log that is in the rows; 0 in a new view.
  virtual uint64_t cursor() const = 0;
};

struct view_change {
  std::string key;                ///< not empty
  std::optional<std::string> row; ///< nothing: erase it
};

/// The writing side, for one thread.
class view_store : public view_reader {
public:
  /// Changes the rows and the cursor together: after a crash both are as one commit left them. Not
  /// synced, so that this can be an older commit: what the log has after cursor() is then folded
  /// in once more. A view can always be deleted and made anew from the log.
  virtual expected<void> commit(std::span<const view_change>, uint64_t cursor) = 0;
};

/// Opens the view in that folder, or creates it there if the folder is empty or missing.
expected<std::unique_ptr<view_store>> open_view(const std::filesystem::path&);

/// The view as it is now, also beside the process that writes to it; it does not move on.
expected<std::unique_ptr<view_reader>> open_view_read_only(const std::filesystem::path&);

} // namespace skein::store
