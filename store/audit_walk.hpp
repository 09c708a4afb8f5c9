#pragma once

#include "store/audit_report.hpp"
#include "store/audit_store.hpp"
#include "store/log_reader.hpp"

namespace skein::store {

/// One pass over the log for log_audit: hashes every event, holds it against its stored leaf, and
/// every head against the root at its size.
class audit_walk {
public:
  /// `claims` in the order of their sizes.
  audit_walk(const log_reader& log, const audit_store* tree, const std::vector<head_claim>& claims,
             audit_report& report)
      : log_{log}, tree_{tree}, claims_{claims}, report_{report} {}

  void run();

private:
  bool take(const stored&);
  void skip(const std::string& why);
  void close_gap();
  void compare(const digest& leaf, const std::optional<digest>& kept);
  void grow(const std::optional<digest>& leaf, const std::optional<digest>& kept);
  std::optional<digest> kept_leaf(uint64_t sequence);
  const tile& leaf_tile(uint64_t index);
  void judge_heads();
  void judge(const head_claim&);
  void blame(const head_claim&, const digest& tree_root);
  void miss_the_rest();

  const log_reader& log_;
  const audit_store* tree_;
  const std::vector<head_claim>& claims_;
  audit_report& report_;

  uint64_t next_ = 1; ///< the sequence that comes next
  size_t judged_ = 0;
  merkle::edge log_edge_;
  /// Of the stored leaves, from where they first differ from the log's.
  std::optional<merkle::edge> tree_edge_;
  std::optional<uint64_t> unknown_; ///< the first event with neither a record nor a leaf
  uint64_t tile_index_ = no_limit;
  tile tile_;
  bool leaves_blamed_ = false;

  uint64_t gap_first_ = 0; ///< of the run of events that cannot be read; 0: none
  std::string gap_why_;
};

} // namespace skein::store
