#pragma once

#include "actors/api/query_response.hpp"
#include "actors/list_row.hpp"
#include "events/failure.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace skein::actors {

/// Which migrations a list is to have: the parameters `state` (or `phase`), `owner`, `dataset`,
/// `scan`, `label`, `text`, `failure`, `older_than`, `younger_than` and `idle_for`.
class migration_filter {
public:
  /// The parameters' names.
  static const std::vector<std::string_view>& parameters();

  static expected<migration_filter> read(const query_parameters&, migration::timestamp now);

  /// What can be told before a row is read; wanted is what passes all three.
  bool wants_phase(std::string_view phase) const;
  bool wants_id(std::string_view id) const;
  bool wants(const list_row&) const;

  /// Whether all that it wants rest for a failure. Not of `unreadable`: so are rows that are
  /// damaged.
  bool wants_failed_only() const;

  /// The one phase, and the one owner, that all it wants are of; empty: there is none.
  std::string_view only_phase() const;
  std::string_view only_owner() const;

  /// Whether it wants every migration.
  bool wants_all() const;

  /// Whether it looks at what is left out of a row that is cut.
  bool needs_texts() const;

  /// What the id of every wanted migration begins with; may be empty.
  std::string id_prefix() const;

private:
  expected<void> read_states(const std::string& list);
  expected<void> read_labels(const query_parameters&);
  expected<void> read_ages(const query_parameters&, migration::timestamp now);

  std::vector<std::string> states_;
  std::string owner_, dataset_, scan_, text_, failure_;
  migration::labels labels_;
  std::optional<migration::timestamp> requested_before_, requested_after_, changed_before_;
};

} // namespace skein::actors
