#include "actors/api/list_scan.hpp"

#include "actors/api/migration_json.hpp"

#include <nlohmann/json.hpp>

namespace skein::actors {

namespace {

/// A whole row in the place of one that is cut; nothing if it cannot be had.
std::optional<std::string> whole_row(const store::view_reader& view, const std::string& id) {
  const auto bytes = view.get(std::string{row_key} + id);
  if (!bytes || !*bytes)
    return std::nullopt;
  const auto row = decode_row(**bytes);
  if (!row)
    return std::nullopt;
  return encode_list_row(id, *row, std::string::npos);
}

class list_scanner {
public:
  list_scanner(const store::view_reader& view, const migration_filter& filter,
               const list_visitor& visit)
      : view_{view}, filter_{filter}, visit_{visit} {}

  /// Whether to go on.
  bool look_at(std::string_view id, std::string_view bytes) const {
    const auto phase = peek_list_phase(bytes);
    if (!filter_.wants_id(id) || (!phase.empty() && !filter_.wants_phase(phase)))
      return true;
    const auto row = list_row::read(bytes);
    if (!row)
      return !filter_.wants_phase(unreadable_list_row().phase) || visit_(id, unreadable_list_row());
    if (row->is_cut && filter_.needs_texts())
      return look_at_whole(id, *row);
    return !filter_.wants(*row) || visit_(id, *row);
  }

private:
  bool look_at_whole(std::string_view id, const list_row& cut) const {
    const auto bytes = whole_row(view_, std::string{id});
    const auto row = bytes ? list_row::read(*bytes) : cut;
    return !row || !filter_.wants(*row) || visit_(id, *row);
  }

  const store::view_reader& view_;
  const migration_filter& filter_;
  const list_visitor& visit_;
};

} // namespace

const list_row& unreadable_list_row() {
  static const auto why = row_damage().what;
  static const list_row row{.phase = unreadable_phase, .why = why};
  return row;
}

list_rows rows_for(const migration_filter& filter) {
  return filter.wants_failed_only() ? list_rows::failed : list_rows::all;
}

expected<list_scan_end> scan_list(const store::view_reader& view, list_rows among,
                                  const migration_filter& filter, const std::string& after,
                                  uint64_t most, const list_visitor& visit) {
  const std::string rows{among == list_rows::failed ? failed_key : list_key};
  const list_scanner scanner{view, filter, visit};
  list_scan_end end{true, after};
  uint64_t looked_at = 0;
  auto scanned = view.scan(rows + filter.id_prefix(), after.empty() ? after : rows + after,
                           store::no_limit, [&](std::string_view key, std::string_view bytes) {
                             const auto id = key.substr(rows.size());
                             end.is_whole = looked_at++ < most && scanner.look_at(id, bytes);
                             if (end.is_whole)
                               end.last.assign(id);
                             return end.is_whole;
                           });
  if (!scanned)
    return tl::unexpected{scanned.error()};
  return end;
}

nlohmann::json line_of(const store::view_reader& view, std::string_view id, const list_row& row) {
  const std::string name{id};
  const auto bytes = row.is_cut ? whole_row(view, name) : std::nullopt;
  const auto whole = bytes ? list_row::read(*bytes) : std::nullopt;
  return summary_json(name, whole.value_or(row));
}

} // namespace skein::actors
