#pragma once

#include "actors/api/migration_filter.hpp"
#include "actors/list_row.hpp"
#include "store/view_store.hpp"

#include <cstdint>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace skein::actors {

/// False ends the scan before this row. Both are valid only during the call.
using list_visitor = std::function<bool(std::string_view id, const list_row&)>;

struct list_scan_end {
  bool is_whole;    ///< there is nothing behind `last`
  std::string last; ///< the id up to which rows were passed over, wanted or not
};

/// Which rows of the view are looked at: all, or only the few of migrations that rest for a
/// failure.
enum class list_rows { all, failed };

/// Those among which all are that the filter wants.
list_rows rows_for(const migration_filter&);

/// Visits the rows that the filter wants by id, from behind `after` ("" to start), and looks at no
/// more than `most` rows for it. One that cannot be read is shown as an unreadable migration.
expected<list_scan_end> scan_list(const store::view_reader& view, list_rows among,
                                  const migration_filter& filter, const std::string& after,
                                  uint64_t most, const list_visitor& visit);

/// What stands for a row whose bytes are not one.
const list_row& unreadable_list_row();

/// One line of a list, with what was left out of a row that is cut.
nlohmann::json line_of(const store::view_reader& view, std::string_view id, const list_row&);

} // namespace skein::actors
