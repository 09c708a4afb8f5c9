#pragma once

#include "store/tree_head.hpp"
#include "store/tree_tiles.hpp"

#include <filesystem>
#include <memory>
#include <optional>

namespace skein::store {

class ordered_store;

/// The nth head that was signed, from 1.
struct kept_head {
  uint64_t ordinal = 0;
  std::string note;
};

/// False ends the scan.
using head_visitor = std::function<bool(const kept_head&)>;

/// The hash tree over a log, and every head ever signed for it, beside the log and behind it: what
/// is here was worked out from committed events. It could be made again from the log; but then it
/// would no longer say what the log was before somebody changed it.
///
/// One thread writes; another process may read beside it, and sees one moment of it.
class audit_store {
public:
  /// For reading, it must be there; for writing, it is created if need be.
  static expected<std::unique_ptr<audit_store>> open_for_reading(const std::filesystem::path&);
  static expected<std::unique_ptr<audit_store>> open_for_writing(const std::filesystem::path&,
                                                                 const std::string& log_id);
  ~audit_store();

  const std::string& log_id() const { return log_id_; }

  // -- reading: what is on disk --

  /// How many leaves are stored. The leaf of the event `sequence` has the index `sequence` - 1.
  uint64_t size() const { return stored_; }

  expected<tile> tile_at(tile_place) const;
  merkle::node_source nodes() const;

  /// The heads after that one (0: from the first), in the order in which they were signed.
  expected<void> heads(uint64_t after, const head_visitor&) const;
  expected<std::optional<kept_head>> head(uint64_t ordinal) const;
  uint64_t newest_head() const { return heads_; } ///< its ordinal; 0 if there is none

  /// Every key that ever signed a head here.
  expected<std::vector<verifying_key>> keys() const;

  // -- writing --

  /// Adds the leaf of the next event; in memory, until the next write().
  void add(const digest& leaf);

  /// Of the tree with what was added since.
  uint64_t grown_size() const { return edge_.size(); }
  digest grown_root() const { return edge_.root(); }

  /// Stores what was added, and the head if there is one. On disk when this returns. After a
  /// failure, open the store anew.
  expected<void> write(const signed_head* = nullptr);

  /// So that whoever reads can check what it signs.
  expected<void> trust(const verifying_key&);

  /// Forgets the leaves beyond that size, and what was added. Heads are never forgotten.
  expected<void> cut(uint64_t size);

private:
  explicit audit_store(std::unique_ptr<ordered_store>);
  expected<void> load();
  expected<uint64_t> number(std::string_view key) const;
  expected<void> load_edge();
  expected<void> belong_to(const std::string& log_id);

  std::unique_ptr<ordered_store> store_;
  std::string log_id_;
  uint64_t stored_ = 0;
  uint64_t heads_ = 0;
  tile_edge edge_;
  std::map<tile_place, tile> full_; ///< not on disk yet
};

} // namespace skein::store
