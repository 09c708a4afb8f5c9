#pragma once

#include "actors/api/point_in_time.hpp"
#include "actors/api/query_response.hpp"
#include "events/record.hpp"
#include "store/view_store.hpp"

#include <map>
#include <optional>
#include <string>

namespace skein::actors {

/// Which events a reader wants: the parameters `dataset`, `owner`, `type`, `actor`, `since` and
/// `until`. One filter serves one request: it remembers owners.
class event_filter {
public:
  /// Fails on a type that no event has, with those that there are, and on what is no point in time.
  static expected<event_filter> read(const query_parameters&, const store::view_reader& view,
                                     migration::timestamp now);

  bool wants(uint64_t sequence, const record&);

  /// No event can fit behind this sequence.
  uint64_t last_sequence() const { return last_sequence_; }

  /// Everything fits: then also what cannot be read is shown.
  bool is_empty() const { return !filters_; }

private:
  explicit event_filter(const store::view_reader& view) : view_{&view} {}

  expected<void> read_span(const query_parameters&, migration::timestamp now);
  const std::string& owner_of(const std::string& migration);

  const store::view_reader* view_;
  std::string dataset_, owner_, type_, actor_;
  uint64_t first_sequence_ = 0;
  uint64_t last_sequence_ = UINT64_MAX;
  std::optional<migration::timestamp> since_, until_;
  bool filters_ = false;
  std::map<std::string, std::string> owners_; ///< by migration, as the view has them
};

} // namespace skein::actors
