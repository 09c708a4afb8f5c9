#include "actors/head_book.hpp"

#include "events/status.hpp"
#include "store/encodings.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace skein::actors {

namespace {

/// How many of the newest tiles of leaves are compared with the log at opening: what a crash or a
/// restored copy can have changed. All of them is the work of `skein audit verify`.
constexpr uint64_t compared_tiles = 16;

/// How far back the file's last head is looked for among the stored ones.
constexpr uint64_t looked_back = 100'000;

/// Heads that go into the file with one fsync.
constexpr uint64_t filed_at_once = 256;

} // namespace

head_book::head_book(head_book_parts parts, std::unique_ptr<store::audit_store> kept,
                     store::signing_key key, store::heads_file file)
    : parts_{std::move(parts)},
      kept_{std::move(kept)},
      key_{std::move(key)},
      file_{std::move(file)} {
  if (!file_.warning().empty())
    alarms_.push_back(file_.warning());
}

expected<std::unique_ptr<head_book>> head_book::open(head_book_parts parts) {
  const auto log_id = parts.log->log_id();
  for (const auto& file : {parts.folder, parts.key}) {
    std::error_code ignored; // whoever opens it then says why it cannot
    std::filesystem::create_directories(file.parent_path(), ignored);
  }
  auto kept = store::audit_store::open_for_writing(parts.folder, log_id);
  if (!kept)
    return tl::unexpected{kept.error()};
  auto key = store::signing_key::load_or_make(parts.key, store::origin_of(log_id));
  if (!key)
    return tl::unexpected{key.error()};
  auto file = store::heads_file::open(parts.heads_file);
  if (!file)
    return tl::unexpected{file.error()};
  std::unique_ptr<head_book> book{
      new head_book{std::move(parts), std::move(*kept), std::move(*key), std::move(*file)}};
  return book->kept_->trust(book->key_.verifier())
      .and_then([&] { return book->compare_with_head(); })
      .and_then([&] { return book->compare_with_log(); })
      .and_then([&] { return book->find_filed(); })
      .and_then([&] { return book->file_heads(); })
      .map([&] { return std::move(book); });
}

/// A tree that is not what its newest head was signed for can prove nothing.
expected<void> head_book::compare_with_head() {
  const auto last = newest();
  if (!last)
    return tl::unexpected{last.error()};
  if (!*last)
    return {};
  const auto parsed = store::parse_head((*last)->note);
  if (!parsed) {
    alarms_.push_back(
        fmt::format("head {} in the audit store: {}", (*last)->ordinal, parsed.error().what));
    return {};
  }
  const auto& head = parsed->head;
  if (head.size > kept_->size())
    return {}; // an earlier start cut the tree, and said so
  const auto root = store::merkle::root_of(head.size, kept_->nodes());
  if (root && *root == head.root) {
    signed_size_ = head.size;
    return {};
  }
  return cut(0, fmt::format("the stored hash tree is not the one that head {} was signed for ({}): "
                            "it is made anew from the log",
                            (*last)->ordinal,
                            root ? "its root at " + std::to_string(head.size) + " events differs"
                                 : root.error().what));
}

expected<void> head_book::compare_with_log() {
  const auto last = parts_.log->last_sequence();
  if (kept_->size() > last)
    return cut(last, fmt::format("the log ends with event {}, and the audit trail has {}: the "
                                 "newest {} events of the log are gone",
                                 last, kept_->size(), kept_->size() - last));
  const auto other = first_other_leaf();
  if (!other)
    alarms_.push_back("the newest events cannot be compared with the audit trail: "
                      + other.error().what);
  else if (*other)
    alarms_.push_back(fmt::format("event {} of the log is not the one that the audit trail has: it "
                                  "was altered. The stored leaves stay as they were, so that skein "
                                  "audit verify can name every altered event",
                                  **other));
  return {};
}

/// Among the newest leaves; the sequence of the event it should be of.
expected<std::optional<uint64_t>> head_book::first_other_leaf() const {
  const auto size = kept_->size();
  const auto tiles = size / store::tile_width;
  const auto first = (tiles - std::min(tiles, compared_tiles)) * store::tile_width;
  expected<store::tile> leaves;
  std::optional<uint64_t> other;
  const auto read = parts_.log->read(first + 1, size - first, [&](const store::stored& record) {
    const auto place = (record.sequence - 1) % store::tile_width;
    if (place == 0)
      leaves = kept_->tile_at({0, (record.sequence - 1) / store::tile_width});
    if (leaves && leaves->at(place) != store::merkle::leaf_hash(record.bytes))
      other = record.sequence;
    return leaves && !other;
  });
  if (!read)
    return tl::unexpected{read.error()};
  if (!leaves)
    return tl::unexpected{leaves.error()};
  return other;
}

expected<void> head_book::cut(uint64_t size, std::string why) {
  alarms_.push_back(
      std::move(why)
      + ". Heads signed before are kept as evidence: skein audit verify says which of "
        "them the log no longer bears out");
  if (signed_size_ > size)
    signed_size_.reset();
  return kept_->cut(size);
}

/// The file may be behind the store, after a crash between the two; or be a new one.
expected<void> head_book::find_filed() {
  const auto newest = kept_->newest_head();
  const auto oldest = newest - std::min(newest, looked_back);
  if (file_.last().empty())
    return {};
  for (filed_ = newest; filed_ > oldest; --filed_) {
    const auto one = kept_->head(filed_);
    if (!one)
      return tl::unexpected{one.error()};
    if (*one && (*one)->note == file_.last())
      return {};
  }
  alarms_.push_back(fmt::format("the last head in {} is not in the audit store: one of the two was "
                                "replaced or altered",
                                parts_.heads_file.string()));
  filed_ = newest;
  return {};
}

expected<void> head_book::file_heads() {
  while (filed_ < kept_->newest_head()) {
    std::vector<std::string> notes;
    uint64_t last = filed_;
    const auto read = kept_->heads(filed_, [&](const store::kept_head& x) {
      notes.push_back(x.note);
      last = x.ordinal;
      return notes.size() < filed_at_once;
    });
    if (!read)
      return read;
    if (notes.empty())
      return {}; // they are gone, which `verify` names
    if (auto done = file_.append(notes); !done)
      return done;
    filed_ = last;
  }
  return {};
}

expected<bool> head_book::take_in(uint64_t limit) {
  const auto before = kept_->grown_size();
  const auto end = parts_.log->read(before + 1, limit, [&](const store::stored& record) {
    kept_->add(store::merkle::leaf_hash(record.bytes));
    return true;
  });
  if (!end)
    return tl::unexpected{end.error()};
  if (kept_->grown_size() - before < limit)
    return false; // what is left waits in memory for its head, to be written with it
  return kept_->write().map([] { return true; });
}

expected<std::optional<store::kept_head>> head_book::sign(migration::timestamp now) {
  const auto size = kept_->grown_size();
  if (size == signed_size_.value_or(0))
    return std::nullopt;
  const auto head = store::sign({kept_->log_id(), size, kept_->grown_root(), rfc3339(now)}, key_);
  if (!head)
    return tl::unexpected{head.error()};
  return kept_->write(&*head)
      .and_then([&] {
        signed_size_ = size;
        return file_heads();
      })
      .and_then([&] { return newest(); });
}

expected<std::optional<store::kept_head>> head_book::newest() const {
  if (kept_->newest_head() == 0)
    return std::nullopt;
  return kept_->head(kept_->newest_head());
}

} // namespace skein::actors
