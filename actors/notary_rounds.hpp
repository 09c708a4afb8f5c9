#pragma once

#include "actors/ambient.hpp"
#include "actors/head_book.hpp"
#include "actors/publish_batch.hpp"

#include <deque>

namespace skein::actors {

/// What the notary does each time it is woken: opens its book if it has none, takes in the log,
/// signs a head, and announces it. Whatever fails is logged and tried again: the audit trail may be
/// behind, but must not stop migrations. Used by one thread at a time.
class notary_rounds {
public:
  notary_rounds(head_book_parts parts, publish_batch publish, ambient world)
      : parts_{std::move(parts)}, publish_{std::move(publish)}, world_{std::move(world)} {}

  enum class outcome {
    more,   ///< there is more of the log to take in: at once
    rested, ///< a head is signed and announced for all there was
    failed, ///< try again after a while
  };

  outcome make();

  /// The last head, for all that the log has by now.
  void finish();

private:
  expected<bool> try_to_take_in();
  expected<bool> take_in();
  expected<void> open();
  void owe(const store::kept_head&);
  bool announce();

  head_book_parts parts_;
  publish_batch publish_;
  ambient world_;
  std::unique_ptr<head_book> book_;
  std::deque<cluster::durable_message> owed_; ///< to the bus
};

} // namespace skein::actors
