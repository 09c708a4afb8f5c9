#pragma once

#include "store/index_run.hpp"
#include "store/text_hash.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <vector>

namespace skein::store {

/// The appends that `index` does not know yet, by stream, and with them the versions of the streams
/// written last. Two generations: when the young one is full it becomes the old one, which is then
/// written to `index` while a new one grows; the one before it is forgotten.
///
/// The one thread that commits adds and freezes; any thread may read. What is added may not be on
/// disk yet: a reader must pass over places beyond the last sequence it knows to be committed, and
/// must look that up first.
class recent_appends {
public:
  using runs_by_stream = by_text<index_run>;

  struct generation {
    runs_by_stream runs;
    size_t appends = 0;
    uint64_t reached = 0; ///< the last sequence in it
  };

  /// The stream's version after all that was added; nothing if it was not written to lately.
  std::optional<uint64_t> version(std::string_view stream) const;

  void add(std::string_view stream, uint64_t first_version, const place&);

  /// How many appends the young generation holds.
  size_t young() const;

  /// Begins a new generation and answers the one that is to go to `index`. The one that was frozen
  /// before must be there by now.
  std::shared_ptr<const generation> freeze();

  /// Forgets everything, for the view of a follower that begins anew.
  void clear();

  /// The stream's runs, oldest first. Their beginning may be in `index` too.
  std::vector<index_run> runs(std::string_view stream) const;

  /// The same of all streams whose id starts with `prefix` and is greater than `after`.
  std::map<std::string, std::vector<index_run>> runs(std::string_view prefix,
                                                     std::string_view after) const;

private:
  mutable std::mutex mutex_;
  std::shared_ptr<generation> young_ = std::make_shared<generation>();
  std::shared_ptr<const generation> old_ = std::make_shared<const generation>();
};

} // namespace skein::store
