#include "store/audit_store.hpp"

#include "store/keys.hpp"
#include "store/log_reader.hpp"
#include "store/ordered_store.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace skein::store {

namespace fs = std::filesystem;

namespace {

constexpr ordered_use use{"audit store", "skein audit", 1, true};

std::string be64(uint64_t value) {
  std::string bytes;
  keys::put_be64(bytes, value);
  return bytes;
}

std::string tile_key(tile_place at) {
  auto key = std::string{keys::tile_prefix} + static_cast<char>(at.level);
  keys::put_be64(key, at.index);
  return key;
}

std::string head_key(uint64_t ordinal) { return std::string{keys::head_prefix} + be64(ordinal); }

std::string tile_bytes(const tile& hashes) {
  std::string bytes;
  bytes.reserve(hashes.size() * sizeof(digest));
  for (const auto& hash : hashes)
    bytes += bytes_of(hash);
  return bytes;
}

std::optional<tile> hashes_in(std::string_view bytes) {
  if (bytes.size() % sizeof(digest) != 0 || bytes.size() > tile_width * sizeof(digest))
    return std::nullopt;
  tile hashes(bytes.size() / sizeof(digest));
  for (auto& hash : hashes) {
    std::copy_n(bytes.begin(), hash.size(), hash.begin());
    bytes.remove_prefix(hash.size());
  }
  return hashes;
}

ordered_change put_tile(const std::pair<const tile_place, tile>& what) {
  return {tile_key(what.first), tile_bytes(what.second)};
}

} // namespace

audit_store::audit_store(std::unique_ptr<ordered_store> store) : store_{std::move(store)} {}

audit_store::~audit_store() = default;

expected<std::unique_ptr<audit_store>> audit_store::open_for_reading(const fs::path& path) {
  std::error_code ignored;
  if (!fs::exists(path, ignored))
    return fail(fmt::format("there is no audit store in {}", path.string()));
  auto opened = ordered_store::open(path, use, access::follow);
  if (!opened)
    return tl::unexpected{opened.error()};
  std::unique_ptr<audit_store> result{new audit_store{std::move(*opened)}};
  return result->load().map([&] { return std::move(result); });
}

expected<std::unique_ptr<audit_store>> audit_store::open_for_writing(const fs::path& path,
                                                                     const std::string& log_id) {
  auto opened = ordered_store::open(path, use, access::write);
  if (!opened)
    return tl::unexpected{opened.error()};
  std::unique_ptr<audit_store> result{new audit_store{std::move(*opened)}};
  return result->load()
      .and_then([&] { return result->belong_to(log_id); })
      .and_then([&] { return result->load_edge(); })
      .map([&] { return std::move(result); });
}

expected<void> audit_store::load() {
  auto id = store_->get(keys::log_id);
  if (!id)
    return tl::unexpected{id.error()};
  log_id_ = id->value_or("");
  return number(keys::tree_size)
      .map([&](uint64_t size) { stored_ = size; })
      // An entry of its own, so that a newest head that is gone is missed.
      .and_then([&] { return number(keys::newest_head); })
      .map([&](uint64_t ordinal) { heads_ = ordinal; });
}

expected<void> audit_store::load_edge() {
  return tile_edge::load(stored_, [this](tile_place at) { return tile_at(at); })
      .map([&](tile_edge edge) { edge_ = std::move(edge); });
}

expected<void> audit_store::belong_to(const std::string& log_id) {
  if (log_id_ == log_id)
    return {};
  if (!log_id_.empty())
    return fail(fmt::format("the audit store is of the log {}, and this is the log {}: keep it as "
                            "evidence under another name, and a new one is made",
                            log_id_, log_id));
  const ordered_change change{std::string{keys::log_id}, log_id};
  return store_->write({&change, 1}).map([&] { log_id_ = log_id; });
}

expected<uint64_t> audit_store::number(std::string_view key) const {
  const auto found = store_->get(key);
  if (!found)
    return tl::unexpected{found.error()};
  const auto value = *found ? keys::whole_be64(**found) : 0;
  if (!value)
    return fail(fmt::format("the entry {} of the audit store is no number: it is damaged", key));
  return *value;
}

expected<tile> audit_store::tile_at(tile_place at) const {
  const auto found = store_->get(tile_key(at));
  if (!found)
    return tl::unexpected{found.error()};
  auto hashes = *found ? hashes_in(**found) : std::nullopt;
  if (!hashes)
    return fail(fmt::format("tile {} on level {} of the audit store's hash tree is {}", at.index,
                            at.level, *found ? "damaged" : "missing"));
  return std::move(*hashes);
}

merkle::node_source audit_store::nodes() const {
  return nodes_in([this](tile_place at) { return tile_at(at); });
}

expected<void> audit_store::heads(uint64_t after, const head_visitor& visit) const {
  return store_->scan(keys::head_prefix, head_key(after), no_limit,
                      [&](std::string_view key, std::string_view note) {
                        const auto ordinal = keys::whole_be64(key.substr(keys::head_prefix.size()));
                        return visit({ordinal.value_or(0), std::string{note}});
                      });
}

expected<std::optional<kept_head>> audit_store::head(uint64_t ordinal) const {
  return store_->get(head_key(ordinal)).map([&](std::optional<std::string> note) {
    return note ? std::optional{kept_head{ordinal, std::move(*note)}} : std::nullopt;
  });
}

expected<std::vector<verifying_key>> audit_store::keys() const {
  std::vector<verifying_key> all;
  failure why;
  const auto read
      = store_->scan(keys::key_prefix, "", no_limit, [&](std::string_view key, std::string_view) {
          const auto text = key.substr(keys::key_prefix.size());
          if (auto one = verifying_key::parse(text))
            all.push_back(std::move(*one));
          else
            why = one.error();
          return true;
        });
  if (!read)
    return tl::unexpected{read.error()};
  if (!why.what.empty())
    return tl::unexpected{why};
  return all;
}

void audit_store::add(const digest& leaf) { edge_.add(leaf, full_); }

expected<void> audit_store::write(const signed_head* head) {
  std::vector<ordered_change> changes;
  for (const auto& each : full_)
    changes.push_back(put_tile(each));
  for (const auto& each : edge_.partial())
    changes.push_back(put_tile(each));
  changes.push_back({std::string{keys::tree_size}, be64(edge_.size())});
  if (head) {
    changes.push_back({head_key(heads_ + 1), head->note()});
    changes.push_back({std::string{keys::newest_head}, be64(heads_ + 1)});
  }
  return store_->write(changes).map([&] {
    full_.clear();
    stored_ = edge_.size();
    heads_ += head ? 1 : 0;
  });
}

expected<void> audit_store::trust(const verifying_key& key) {
  const auto entry = std::string{keys::key_prefix} + key.text();
  const auto found = store_->get(entry);
  if (!found)
    return tl::unexpected{found.error()};
  const ordered_change change{entry, ""};
  return *found ? expected<void>{} : store_->write({&change, 1});
}

expected<void> audit_store::cut(uint64_t size) {
  auto edge = tile_edge::load(size, [this](tile_place at) { return tile_at(at); });
  if (!edge)
    return tl::unexpected{edge.error()};
  std::vector<ordered_change> changes;
  for (unsigned level = 0; hashes_on(level, stored_) > 0; ++level)
    for (auto i = hashes_on(level, size) / tile_width; i * tile_width < hashes_on(level, stored_);
         ++i)
      changes.push_back({tile_key({level, i}), std::nullopt});
  for (const auto& each : edge->partial())
    changes.push_back(put_tile(each));
  changes.push_back({std::string{keys::tree_size}, be64(size)});
  return store_->write(changes).map([&] {
    edge_ = std::move(*edge);
    full_.clear();
    stored_ = size;
  });
}

} // namespace skein::store
