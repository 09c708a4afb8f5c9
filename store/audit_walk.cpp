#include "store/audit_walk.hpp"

#include "store/encodings.hpp"

#include <fmt/format.h>

namespace skein::store {

void audit_walk::run() {
  judge_heads(); // those of the empty log
  const auto last = log_.last_sequence();
  while (next_ <= last) {
    const auto end = log_.read(next_, last - next_ + 1, [&](const stored& x) { return take(x); });
    if (next_ <= last)
      skip(end ? fmt::format("sequence {} is missing from the log", next_) : end.error().what);
  }
  close_gap();
  report_.last_sequence = last;
  miss_the_rest();
}

bool audit_walk::take(const stored& record) {
  if (record.sequence != next_)
    return false;
  close_gap();
  const auto leaf = merkle::leaf_hash(record.bytes);
  const auto kept = kept_leaf(next_);
  if (kept)
    compare(leaf, kept);
  ++report_.events;
  grow(leaf, kept);
  return true;
}

/// Goes on behind an event that cannot be read, on the word of its stored leaf.
void audit_walk::skip(const std::string& why) {
  if (gap_first_ == 0) {
    gap_first_ = next_;
    gap_why_ = why;
  }
  const auto kept = kept_leaf(next_);
  if (!kept && !unknown_)
    unknown_ = next_;
  grow({}, kept);
}

void audit_walk::close_gap() {
  if (gap_first_ == 0)
    return;
  const auto last = next_ - 1;
  report_.add(audit_fault::unreadable_event,
              gap_first_ == last
                  ? fmt::format("event {} cannot be read: {}", last, gap_why_)
                  : fmt::format("events {} to {} cannot be read: {}", gap_first_, last, gap_why_),
              gap_first_, last);
  gap_first_ = 0;
}

void audit_walk::compare(const digest& leaf, const std::optional<digest>& kept) {
  ++report_.leaves;
  if (leaf == *kept)
    return;
  report_.add(audit_fault::altered_event,
              fmt::format("event {} is not the one that its stored leaf was made of: its leaf hash "
                          "is {}, and was {}",
                          next_, hex(leaf), hex(*kept)),
              next_, next_);
  if (!tree_edge_)
    tree_edge_ = log_edge_;
}

void audit_walk::grow(const std::optional<digest>& leaf, const std::optional<digest>& kept) {
  constexpr digest nothing{}; // the roots no longer count once an event is unknown
  const auto& seen = leaf ? *leaf : kept ? *kept : nothing;
  log_edge_.add(seen);
  if (tree_edge_)
    tree_edge_->add(kept ? *kept : seen);
  judge_heads();
  ++next_;
}

std::optional<digest> audit_walk::kept_leaf(uint64_t sequence) {
  if (!tree_ || sequence > tree_->size())
    return std::nullopt;
  const auto& leaves = leaf_tile((sequence - 1) / tile_width);
  const auto place = (sequence - 1) % tile_width;
  return place < leaves.size() ? std::optional{leaves[place]} : std::nullopt;
}

const tile& audit_walk::leaf_tile(uint64_t index) {
  if (index == std::exchange(tile_index_, index))
    return tile_;
  auto found = tree_->tile_at({0, index});
  const auto first = index * tile_width + 1;
  const auto last = std::min(tree_->size(), first + tile_width - 1);
  if (!found)
    report_.add(audit_fault::damaged_tree,
                fmt::format("the leaves of the events {} to {} are not there to compare with: {}",
                            first, last, found.error().what),
                first, last);
  else if (found->size() < last - first + 1)
    report_.add(audit_fault::damaged_tree,
                fmt::format("the leaves of the events {} to {} are gone from their tile",
                            first + found->size(), last),
                first + found->size(), last);
  tile_ = found ? std::move(*found) : tile{};
  return tile_;
}

void audit_walk::judge_heads() {
  for (; judged_ < claims_.size() && claims_[judged_].size == log_edge_.size(); ++judged_)
    judge(claims_[judged_]);
}

void audit_walk::judge(const head_claim& head) {
  if (unknown_)
    return report_.add(audit_fault::broken_promise,
                       fmt::format("{} (of {} events, signed {}) cannot be checked, since event {} "
                                   "can neither be read nor has a stored leaf",
                                   head.source, head.size, head.time, *unknown_),
                       *unknown_, *unknown_);
  const bool is_borne_out = log_edge_.root() == head.root;
  const auto tree_root = tree_edge_ ? tree_edge_->root() : log_edge_.root();
  if (!is_borne_out)
    return blame(head, tree_root);
  ++report_.heads_borne_out;
  report_.signed_events = head.size;
  if (tree_root != head.root && !std::exchange(leaves_blamed_, true))
    report_.add(audit_fault::damaged_tree,
                fmt::format("stored leaves were altered, not events: the log is what {} was signed "
                            "for, and the stored leaves are not",
                            head.source));
}

void audit_walk::blame(const head_claim& head, const digest& tree_root) {
  const auto* guilty = tree_root == head.root
                           ? "the stored leaves still are, so the events named here were altered"
                           : "nor are the stored leaves";
  report_.add(audit_fault::broken_promise,
              fmt::format("{}: the log's first {} events are not those it was signed for on {}; {}",
                          head.source, head.size, head.time, guilty),
              1, head.size);
}

/// What should be behind the end of the log.
void audit_walk::miss_the_rest() {
  const auto last = report_.last_sequence;
  if (tree_ && tree_->size() > last)
    report_.add(audit_fault::missing_events,
                fmt::format("the log ends with event {}, and the stored tree has the leaves of {}: "
                            "the newest {} events are gone",
                            last, tree_->size(), tree_->size() - last),
                last + 1, tree_->size());
  for (; judged_ < claims_.size(); ++judged_) {
    const auto& head = claims_[judged_];
    report_.add(audit_fault::missing_events,
                fmt::format("{}: it was signed on {} for {} events, and the log has only {}: its "
                            "newest {} are gone",
                            head.source, head.time, head.size, last, head.size - last),
                last + 1, head.size);
  }
}

} // namespace skein::store
