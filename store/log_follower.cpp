#include "store/follow.hpp"
#include "store/format_one.hpp"
#include "store/log_reads.hpp"

#include <fmt/format.h>
#include <rocksdb/db.h>

namespace skein::store {

namespace {

class follower final : public reading<log_follower> {
public:
  follower(std::unique_ptr<log_reads> reads, std::filesystem::path folder)
      : reading{std::move(reads)}, folder_{std::move(folder)} {}

  expected<void> refresh() override {
    auto caught_up = undisturbed(folder_, log_noun, [&]() -> expected<void> {
      auto status = reads_->db->rocks().TryCatchUpWithPrimary();
      if (!status.ok())
        return tl::unexpected{reads_->db->describe("cannot catch up with its writer", status)};
      return {};
    });
    return caught_up.and_then([&] { return reads_->find_last_sequence(); }).and_then([&] {
      return gather();
    });
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

expected<std::unique_ptr<database>> follow(const std::filesystem::path& folder) {
  auto db = open_log_database({folder, log_noun, access::follow}, {});
  if (!db)
    return fail(db.error().what);
  return std::move(*db);
}

} // namespace

expected<std::unique_ptr<log_follower>> open_log_read_only(const std::filesystem::path& folder) {
  if (holds_format_one(folder))
    return fail(fmt::format("the event log in {} is of format 1, which is not read any more: start "
                            "the daemon on it once, and it is brought to format {}",
                            folder.string(), log_format_version));
  auto db = undisturbed(folder, log_noun, [&] { return follow(folder); });
  if (!db)
    return tl::unexpected{db.error()};
  auto reads = log_reads::over(std::move(*db));
  if (!reads)
    return tl::unexpected{reads.error()};
  auto opened = std::make_unique<follower>(std::move(*reads), folder);
  return opened->gather().map([&]() -> std::unique_ptr<log_follower> { return std::move(opened); });
}

} // namespace skein::store
