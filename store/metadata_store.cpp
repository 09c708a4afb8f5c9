#include "store/metadata_store.hpp"

#include "store/keys.hpp"
#include "store/names.hpp"
#include "store/ordered_store.hpp"

#include <fmt/format.h>
#include <map>
#include <mutex>

namespace skein::store {

namespace {

constexpr ordered_use use{"metadata store", "skein metadata", 1, true};

std::string kind_prefix(std::string_view kind) {
  auto prefix = fmt::format("{}{}", keys::document_prefix, kind);
  prefix.push_back('\0');
  return prefix;
}

std::string document_key(std::string_view kind, std::string_view id) {
  return kind_prefix(kind).append(id);
}

std::string encode(uint64_t revision, std::string_view bytes) {
  std::string value;
  keys::put_be64(value, revision);
  return value.append(bytes);
}

expected<document> decode(std::string_view key, std::string_view value) {
  auto revision = keys::take_be64(value);
  if (!revision)
    return fail(fmt::format("the metadata document {} has no revision: the store is damaged; "
                            "restore its folder from a copy, or import the catalog into a new one",
                            key));
  return document{std::string{value}, *revision};
}

class rocksdb_metadata final : public metadata_store {
public:
  rocksdb_metadata(std::unique_ptr<ordered_store> rows, uint64_t newest)
      : rows_{std::move(rows)}, newest_{newest} {}

  expected<std::optional<document>> get(std::string_view kind, std::string_view id) const override {
    return find(document_key(kind, id));
  }
  expected<std::vector<std::optional<document>>>
  get_all(std::string_view kind, std::span<const std::string> ids) const override;
  expected<void> scan(std::string_view kind, std::string_view after, uint64_t limit,
                      const document_visitor& visit) const override;
  expected<document_outcome> apply(std::span<const document_change>) override;

private:
  /// What a batch has put so far, by key: revisions, 0 for what it erased.
  using staged = std::map<std::string, uint64_t, std::less<>>;

  expected<std::optional<document>> find(const std::string& key) const;
  expected<uint64_t> revision_of(const std::string& key, const staged& ahead) const;

  std::unique_ptr<ordered_store> rows_;
  std::mutex writing_;
  uint64_t newest_; // revision given to any document
};

expected<std::optional<document>> decode_found(const std::string& key,
                                               const std::optional<std::string>& value) {
  if (!value)
    return std::nullopt;
  return decode(key, *value).map([](auto found) { return std::optional{std::move(found)}; });
}

expected<std::optional<document>> rocksdb_metadata::find(const std::string& key) const {
  return rows_->get(key).and_then([&](const auto& value) { return decode_found(key, value); });
}

expected<std::vector<std::optional<document>>>
rocksdb_metadata::get_all(std::string_view kind, std::span<const std::string> ids) const {
  std::vector<std::string> keys;
  for (const auto& id : ids)
    keys.push_back(document_key(kind, id));
  const auto values = rows_->get_all(keys);
  if (!values)
    return tl::unexpected{values.error()};
  std::vector<std::optional<document>> found;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    auto each = decode_found(keys[i], (*values)[i]);
    if (!each)
      return tl::unexpected{each.error()};
    found.push_back(*std::move(each));
  }
  return found;
}

expected<void> rocksdb_metadata::scan(std::string_view kind, std::string_view after, uint64_t limit,
                                      const document_visitor& visit) const {
  const auto prefix = kind_prefix(kind);
  expected<void> decoded;
  auto scanned = rows_->scan(prefix, after.empty() ? "" : document_key(kind, after), limit,
                             [&](std::string_view key, std::string_view value) {
                               auto found = decode(key, value);
                               if (!found)
                                 decoded = tl::unexpected{found.error()};
                               return found && visit(key.substr(prefix.size()), *found);
                             });
  return scanned ? decoded : scanned;
}

expected<uint64_t> rocksdb_metadata::revision_of(const std::string& key,
                                                 const staged& ahead) const {
  if (auto i = ahead.find(key); i != ahead.end())
    return i->second;
  return find(key).map([](const auto& found) { return found ? found->revision : 0; });
}

expected<void> check_names(const document_change& change) {
  return check_name("document kind", change.kind).and_then([&] {
    return check_name("document", change.id);
  });
}

expected<document_outcome> rocksdb_metadata::apply(std::span<const document_change> changes) {
  std::lock_guard lock{writing_};
  const auto revision = newest_ + 1;
  std::vector<ordered_change> writes;
  staged ahead;
  for (auto& change : changes) {
    if (auto named = check_names(change); !named)
      return tl::unexpected{named.error()};
    auto key = document_key(change.kind, change.id);
    auto found = revision_of(key, ahead);
    if (!found)
      return tl::unexpected{found.error()};
    if (change.expected_revision && *change.expected_revision != *found)
      return document_outcome{false, *found, static_cast<size_t>(&change - changes.data())};
    ahead[key] = change.bytes ? revision : 0;
    writes.push_back({std::move(key), change.bytes ? std::optional{encode(revision, *change.bytes)}
                                                   : std::nullopt});
  }
  writes.push_back({std::string{keys::newest_revision}, encode(revision, "")});
  return rows_->write(writes).map([&] {
    newest_ = revision;
    return document_outcome{true, revision};
  });
}

} // namespace

expected<uint64_t> metadata_store::put(std::string_view kind, std::string_view id,
                                       std::string bytes) {
  const document_change change{std::string{kind}, std::string{id}, std::move(bytes)};
  return apply({&change, 1}).map([](const document_outcome& done) { return done.revision; });
}

expected<document_outcome> metadata_store::compare_and_set(std::string_view kind,
                                                           std::string_view id,
                                                           uint64_t expected_revision,
                                                           std::string bytes) {
  const document_change change{std::string{kind}, std::string{id}, std::move(bytes),
                               expected_revision};
  return apply({&change, 1});
}

expected<std::unique_ptr<metadata_store>> open_metadata_store(const std::filesystem::path& path) {
  auto rows = ordered_store::open(path, use, access::write);
  if (!rows)
    return tl::unexpected{rows.error()};
  auto counter = (*rows)->get(keys::newest_revision);
  if (!counter)
    return tl::unexpected{counter.error()};
  const auto newest = *counter ? keys::whole_be64(**counter) : 0;
  if (!newest)
    return fail(fmt::format("the newest revision of the metadata store in {} is not a number: "
                            "restore the folder from a copy, or import the catalog into a new one",
                            path.string()));
  return std::make_unique<rocksdb_metadata>(std::move(*rows), *newest);
}

} // namespace skein::store
