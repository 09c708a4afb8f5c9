#pragma once

#include "actors/api/point_in_time.hpp"
#include "actors/api/query_response.hpp"
#include "events/record.hpp"
#include "store/view_store.hpp"

#include <map>
#include <optional>
#include <string>

namespace skein::actors {

/// What a filter looks at.
struct event_facts {
  uint64_t sequence = 0;
  migration::timestamp at{};
  std::string migration;
  std::string_view type; ///< a name of migration::event_names()
  std::string actor;
};

event_facts facts_of(uint64_t sequence, const record&);

/// The owner of a migration, as the view has it now; empty while nobody has said.
std::string owner_in(const store::view_reader& view, const std::string& migration);

/// Which events a reader wants: the parameters `dataset`, `owner`, `type`, `actor`, `since` and
/// `until`. One filter serves one request: it remembers owners.
class event_filter {
public:
  /// Fails on a type that no event has, with those that there are, and on what is no point in time.
  static expected<event_filter> read(const query_parameters&, const store::view_reader& view,
                                     migration::timestamp now);

  bool wants(uint64_t sequence, const record&);

  /// The same for whoever knows the owner; an owner that was asked for and is not known fits
  /// nothing.
  bool wants(const event_facts&, const std::string& owner) const;

  bool asks_for_owner() const { return !owner_.empty(); }

  /// For a stream: what comes later is looked at when it comes.
  void go_on_for_ever() { last_sequence_ = UINT64_MAX; }

  /// No event can fit behind this sequence.
  uint64_t last_sequence() const { return last_sequence_; }

  /// Everything fits: then also what cannot be read is shown.
  bool is_empty() const { return !filters_; }

private:
  explicit event_filter(const store::view_reader& view) : view_{&view} {}

  expected<void> read_span(const query_parameters&, migration::timestamp now);
  bool fits(const event_facts&) const;
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
