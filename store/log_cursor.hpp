#pragma once

#include "store/log_reader.hpp"

namespace skein::store {

/// A place in the log that a relay reads on from, a bounded piece at a time. To outlive a restart,
/// start from log.cursor(name) and put_cursor(name, position()) now and then.
class log_cursor {
public:
  /// `after` is the last sequence already handled, 0 for none.
  log_cursor(const log_reader& log, uint64_t after) : log_{&log}, position_{after} {}

  /// Visits up to `limit` records after position(), and moves behind those that were taken, also
  /// when it fails later on. Answers how many were taken.
  expected<uint64_t> next(uint64_t limit, const record_visitor& visit) {
    const auto before = position_;
    auto end = log_->read(position_ + 1, limit, [&](const stored& record) {
      if (!visit(record))
        return false;
      position_ = record.sequence;
      return true;
    });
    if (!end)
      return tl::unexpected{end.error()};
    return position_ - before;
  }

  /// The last sequence taken.
  uint64_t position() const { return position_; }

private:
  const log_reader* log_;
  uint64_t position_;
};

} // namespace skein::store
