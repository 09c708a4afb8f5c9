#include "store/follow.hpp"
#include "store/log_reads.hpp"

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
    return caught_up.and_then([&] { return reads_->find_last_sequence(); });
  }

private:
  std::filesystem::path folder_;
};

expected<std::unique_ptr<database>> follow(const std::filesystem::path& folder) {
  auto db = open_log_database({folder, log_noun, access::follow}, {});
  if (!db)
    return fail(db.error().what);
  return std::move(*db);
}

} // namespace

expected<std::unique_ptr<log_follower>> open_log_read_only(const std::filesystem::path& folder) {
  auto db = undisturbed(folder, log_noun, [&] { return follow(folder); });
  if (!db)
    return tl::unexpected{db.error()};
  auto reads = log_reads::over(std::move(*db));
  if (!reads)
    return tl::unexpected{reads.error()};
  return std::make_unique<follower>(std::move(*reads), folder);
}

} // namespace skein::store
