#include "store/log_reads.hpp"

#include <fmt/format.h>
#include <fstream>
#include <rocksdb/db.h>

namespace skein::store {

namespace {

namespace fs = std::filesystem;

constexpr int attempts_max = 50;

/// Changes whenever the writer flushes or compacts. RocksDB follows a writer by reading its
/// manifest first and its write-ahead logs afterwards; when a flush falls in between, the records
/// flushed are in neither of the two. An equal stamp before and after says that none did.
std::string manifest_stamp(const fs::path& folder) {
  std::string manifest;
  std::ifstream{folder / "CURRENT"} >> manifest;
  std::error_code error;
  auto bytes = fs::file_size(folder / manifest, error);
  return fmt::format("{} {}", manifest, error ? 0 : bytes);
}

/// Calls `attempt` until no flush fell into it, or it fails.
template <class Attempt>
auto undisturbed(const fs::path& folder, Attempt attempt) -> decltype(attempt()) {
  for (int i = 0; i < attempts_max; ++i) {
    const auto before = manifest_stamp(folder);
    auto result = attempt();
    if (manifest_stamp(folder) == before)
      return result;
  }
  return fail(fmt::format("the writer of the event log in {} flushes faster than it can be "
                          "followed: try again when it is less busy",
                          folder.string()));
}

class follower final : public reading<log_follower> {
public:
  follower(std::unique_ptr<log_reads> reads, fs::path folder)
      : reading{std::move(reads)}, folder_{std::move(folder)} {}

  expected<void> refresh() override {
    auto caught_up = undisturbed(folder_, [&]() -> expected<void> {
      auto status = reads_->db->rocks().TryCatchUpWithPrimary();
      if (!status.ok())
        return tl::unexpected{reads_->db->describe("cannot catch up with its writer", status)};
      return {};
    });
    return caught_up.and_then([&] { return reads_->find_last_sequence(); });
  }

private:
  fs::path folder_;
};

expected<std::unique_ptr<database>> follow(const fs::path& folder) {
  auto db = open_log_database({folder, log_noun, access::follow}, {});
  if (!db)
    return fail(db.error().what);
  return std::move(*db);
}

} // namespace

expected<std::unique_ptr<log_follower>> open_log_read_only(const fs::path& folder) {
  auto db = undisturbed(folder, [&] { return follow(folder); });
  if (!db)
    return tl::unexpected{db.error()};
  auto reads = log_reads::over(std::move(*db));
  if (!reads)
    return tl::unexpected{reads.error()};
  return std::make_unique<follower>(std::move(*reads), folder);
}

} // namespace skein::store
