#include "store/acknowledged_mark.hpp"
#include "store/follow.hpp"
#include "store/format_one.hpp"
#include "store/log_reads.hpp"
#include "store/wal_types.hpp"

#include <fmt/format.h>
#include <rocksdb/db.h>

namespace skein::store {

namespace {

namespace fs = std::filesystem;

/// A follower takes the first damage of a write-ahead log for its end, as RocksDB does. The mark,
/// read before the log, knows better: what was acknowledged by then must be there.
expected<void> reaches(const log_reads& reads, const fs::path& folder,
                       const std::optional<acknowledged>& mark) {
  if (!mark || reads.last_sequence >= mark->sequence)
    return {};
  return fail(fmt::format("the {} in {} can be read up to sequence {}, but sequences up to {} were "
                          "acknowledged: its write-ahead log is damaged; start its daemon, which "
                          "says where, or restore the folder from a copy",
                          log_noun, folder.string(), reads.last_sequence.load(), mark->sequence));
}

class follower final : public reading<log_follower> {
public:
  follower(std::unique_ptr<log_reads> reads, std::filesystem::path folder)
      : reading{std::move(reads)}, folder_{std::move(folder)} {}

  expected<void> refresh() override {
    const auto mark = acknowledged_mark::load(folder_);
    auto caught_up = undisturbed(folder_, log_noun, [&]() -> expected<void> {
      auto status = reads_->db->rocks().TryCatchUpWithPrimary();
      if (!status.ok())
        return tl::unexpected{reads_->db->describe("cannot catch up with its writer", status)};
      return {};
    });
    return caught_up.and_then([&] { return reads_->find_last_sequence(); })
        .and_then([&] { return reaches(*reads_, folder_, mark); })
        .and_then([&] { return gather(); });
  }

  /// Has `recent` hold what `index` does not. When the writer has brought `index` further, it
  /// begins anew, so that it never holds much more than the writer's.
  expected<void> gather() {
    auto indexed = reads_->indexed_up_to();
    if (!indexed)
      return tl::unexpected{indexed.error()};
    if (*indexed != indexed_) {
      reads_->recent.clear();
      indexed_ = gathered_ = *indexed;
    }
    return reads_->gather(gathered_ + 1, [] { return expected<void>{}; }).map([&] {
      gathered_ = last_sequence();
    });
  }

private:
  std::filesystem::path folder_;
  uint64_t indexed_ = 0;
  uint64_t gathered_ = 0; // the last sequence in `recent` or in `index`
};

/// Has no `recent`, since making it reads every chunk that `index` does not know.
class by_sequence final : public reading<log_reader> {
public:
  using reading::reading;

  expected<uint64_t> read_stream(std::string_view, uint64_t,
                                 const stream_record_visitor&) const override {
    return no_streams();
  }
  expected<uint64_t> stream_version(std::string_view) const override { return no_streams(); }
  expected<void> streams(std::string_view, std::string_view, const stream_visitor&) const override {
    return no_streams();
  }
  expected<std::optional<store::snapshot>> snapshot(std::string_view) const override {
    return no_streams();
  }

private:
  static tl::unexpected<failure> no_streams() {
    return fail("this event log was opened to be read by sequence, and knows no streams");
  }
};

expected<std::unique_ptr<database>> follow(const std::filesystem::path& folder) {
  auto db = open_log_database({folder, log_noun, access::follow}, {});
  if (!db)
    return fail(db.error().what);
  return std::move(*db);
}

expected<std::unique_ptr<log_reads>> open_reads(const std::filesystem::path& folder) {
  if (holds_format_one(folder))
    return fail(fmt::format("the event log in {} is of format 1, which is not read any more: start "
                            "the daemon on it once, and it is brought to format {}",
                            folder.string(), log_format_version));
  if (auto ours = check_wal_types(folder); !ours)
    return tl::unexpected{ours.error()};
  auto db = undisturbed(folder, log_noun, [&] { return follow(folder); });
  if (!db)
    return tl::unexpected{db.error()};
  return log_reads::over(std::move(*db));
}

} // namespace

expected<std::unique_ptr<log_follower>> open_log_read_only(const std::filesystem::path& folder) {
  // Before the log: what is acknowledged later need not be in what is opened.
  const auto mark = acknowledged_mark::load(folder);
  auto reads = open_reads(folder);
  if (!reads)
    return tl::unexpected{reads.error()};
  if (auto whole = reaches(**reads, folder, mark); !whole)
    return tl::unexpected{whole.error()};
  auto opened = std::make_unique<follower>(std::move(*reads), folder);
  return opened->gather().map([&]() -> std::unique_ptr<log_follower> { return std::move(opened); });
}

expected<std::unique_ptr<log_reader>> open_log_by_sequence(const std::filesystem::path& folder) {
  return open_reads(folder).map(
      [](std::unique_ptr<log_reads> reads) -> std::unique_ptr<log_reader> {
        return std::make_unique<by_sequence>(std::move(reads));
      });
}

} // namespace skein::store
