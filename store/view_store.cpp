#include "store/view_store.hpp"

#include "store/keys.hpp"
#include "store/ordered_store.hpp"

#include <atomic>
#include <fmt/format.h>

namespace skein::store {

namespace {

/// The cache is to hold what the lists of 100,000 migrations read each time.
constexpr ordered_use use{"view", "skein view", 1, false, 32 << 20, 16 << 10};

std::string row_key(std::string_view key) { return fmt::format("{}{}", keys::row_prefix, key); }

class rocksdb_view final : public view_store {
public:
  rocksdb_view(std::unique_ptr<ordered_store> rows, uint64_t cursor)
      : rows_{std::move(rows)}, cursor_{cursor} {}

  expected<std::optional<std::string>> get(std::string_view key) const override {
    return rows_->get(row_key(key));
  }

  /// Many together cost RocksDB less than one after the other.
  expected<std::vector<std::optional<std::string>>>
  get_all(std::span<const std::string> keys) const override {
    std::vector<std::string> whole;
    whole.reserve(keys.size());
    for (const auto& key : keys)
      whole.push_back(row_key(key));
    return rows_->get_all(whole);
  }

  expected<void> scan(std::string_view prefix, std::string_view after, uint64_t limit,
                      const row_visitor& visit) const override {
    return rows_->scan(row_key(prefix), row_key(after), limit,
                       [&](std::string_view key, std::string_view row) {
                         return visit(key.substr(keys::row_prefix.size()), row);
                       });
  }

  uint64_t cursor() const override { return cursor_; }

  expected<void> commit(std::span<const view_change> changes, uint64_t cursor) override;

private:
  std::unique_ptr<ordered_store> rows_;
  std::atomic<uint64_t> cursor_;
};

expected<void> rocksdb_view::commit(std::span<const view_change> changes, uint64_t cursor) {
  std::vector<ordered_change> writes;
  writes.reserve(changes.size() + 1);
  for (auto& change : changes)
    writes.push_back({row_key(change.key), change.row});
  std::string place;
  keys::put_be64(place, cursor);
  writes.push_back({std::string{keys::view_cursor}, std::move(place)});
  return rows_->write(writes).map([&] { cursor_ = cursor; });
}

expected<std::unique_ptr<rocksdb_view>> open(const std::filesystem::path& path, access how) {
  auto rows = ordered_store::open(path, use, how);
  if (!rows)
    return tl::unexpected{rows.error()};
  auto place = (*rows)->get(keys::view_cursor);
  if (!place)
    return tl::unexpected{place.error()};
  const auto cursor = *place ? keys::whole_be64(**place) : 0;
  if (!cursor)
    return fail(fmt::format("the cursor of the view in {} is not a number: delete the folder, and "
                            "the view is made anew from the log",
                            path.string()));
  return std::make_unique<rocksdb_view>(std::move(*rows), *cursor);
}

} // namespace

expected<std::vector<std::optional<std::string>>>
view_reader::get_all(std::span<const std::string> keys) const {
  std::vector<std::optional<std::string>> found;
  for (const auto& key : keys) {
    auto row = get(key);
    if (!row)
      return tl::unexpected{row.error()};
    found.push_back(*std::move(row));
  }
  return found;
}

expected<std::unique_ptr<view_store>> open_view(const std::filesystem::path& path) {
  return open(path, access::write);
}

expected<std::unique_ptr<view_reader>> open_view_read_only(const std::filesystem::path& path) {
  return open(path, access::follow);
}

} // namespace skein::store
