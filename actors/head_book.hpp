#pragma once

#include "events/migration.hpp"
#include "store/audit_store.hpp"
#include "store/heads_file.hpp"
#include "store/log_reader.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

namespace skein::actors {

struct head_book_parts {
  std::shared_ptr<const store::log_reader> log;
  std::filesystem::path folder;     ///< of the audit store's own database
  std::filesystem::path key;        ///< made at the first opening
  std::filesystem::path heads_file; ///< where heads are appended to as well
};

/// What the notary works with: the hash tree of a log, the key that signs its heads, and the heads.
/// For one thread. After a failure, open it anew: nothing that is on disk is ever in between.
class head_book {
public:
  /// Compares the tree with the log. A tree that is ahead of its log is cut back to it; the heads
  /// that were signed for what is gone stay, and `skein audit verify` names them from then on.
  /// Where events are others than their leaves say, the leaves stay: they alone tell which were
  /// altered, and fit again once the log is restored from a good copy.
  static expected<std::unique_ptr<head_book>> open(head_book_parts);

  /// What opening found wrong, in sentences that an operator must see.
  const std::vector<std::string>& alarms() const { return alarms_; }

  /// Adds the leaves of up to `limit` more events. True if the log may have more of them.
  expected<bool> take_in(uint64_t limit);

  /// Signs a head of all that was taken in, stores it, and appends it to the file. Nothing if the
  /// tree has not changed since the last head.
  expected<std::optional<store::kept_head>> sign(migration::timestamp now);

  /// The newest head of this tree; nothing if there is none yet.
  expected<std::optional<store::kept_head>> newest() const;

private:
  head_book(head_book_parts parts, std::unique_ptr<store::audit_store> kept, store::signing_key key,
            store::heads_file file);

  expected<void> compare_with_head();
  expected<void> compare_with_log();
  expected<std::optional<uint64_t>> first_other_leaf() const;
  expected<void> cut(uint64_t size, std::string why);
  expected<void> find_filed();
  expected<void> file_heads();

  head_book_parts parts_;
  std::unique_ptr<store::audit_store> kept_;
  store::signing_key key_;
  store::heads_file file_;
  std::vector<std::string> alarms_;
  std::optional<uint64_t> signed_size_; ///< of the newest head, if it is of this tree
  uint64_t filed_ = 0;                  ///< ordinal of the last head in the file
};

} // namespace skein::actors
