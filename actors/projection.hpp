#pragma once

#include "actors/recent_rows.hpp"

#include <cstdint>
#include <functional>
#include <string_view>

namespace skein::actors {

/// Hears of events of one type.
using event_counter = std::function<void(std::string_view type, uint64_t count)>;

/// Takes the log into the view. For one thread, the only one that writes to the view.
class projection {
public:
  /// Both outlive it.
  projection(const store::log_reader& log, store::view_store& view) : log_{log}, view_{view} {}

  /// Takes up to `limit` records after the view's cursor into the view: rows and cursor in one
  /// atomic commit. Answers the sequence it has come to: the log's last when it has caught up.
  /// Starts from nothing when the view is of another log or of another version of the schemas.
  ///
  /// A record that cannot be decoded makes its migration's row unreadable, and the rest goes on.
  /// `seen` hears what was taken in, by type.
  expected<uint64_t> next(uint64_t limit, const event_counter& seen = {});

  /// All that the log has by now, in such steps: the view may be behind it, but not beside it.
  expected<void> catch_up(uint64_t limit);

private:
  class batch;

  /// Rows as the view has them, of migrations that are likely to go on soon: reading and decoding
  /// a row costs more than folding an event into it.
  recent_rows known_{10'000};

  const store::log_reader& log_;
  store::view_store& view_;
};

/// One step of a projection that is made for it.
expected<uint64_t> project_batch(const store::log_reader& log, store::view_store& view,
                                 uint64_t limit);

} // namespace skein::actors
