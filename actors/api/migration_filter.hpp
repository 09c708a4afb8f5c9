#pragma once

#include "actors/api/query_response.hpp"
#include "actors/view_row.hpp"
#include "events/failure.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace skein::actors {

/// Which migrations a list is to have: the parameters `state` (or `phase`), `owner`, `dataset`,
/// `scan`, `label`, `text`, `older_than`, `younger_than` and `idle_for`.
class migration_filter {
public:
  /// The parameters' names.
  static const std::vector<std::string_view>& parameters();

  static expected<migration_filter> read(const query_parameters&, migration::timestamp now);

  /// What can be told before a row is decoded.
  bool wants(const std::string& id, std::string_view phase) const;

  bool wants(const view_row&) const;

private:
  expected<void> read_states(const std::string& list);
  expected<void> read_labels(const std::string& list);
  expected<void> read_ages(const query_parameters&, migration::timestamp now);

  std::vector<std::string> states_;
  std::string owner_, dataset_, scan_, text_;
  migration::labels labels_;
  std::optional<migration::timestamp> requested_before_, requested_after_, changed_before_;
};

} // namespace skein::actors
