#include "actors/api/list_scan.hpp"

#include "actors/api/migration_json.hpp"
#include "actors/api/phase_counts.hpp"

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

/// Looks at one row after the other, up to so many.
class list_looker {
public:
  list_looker(const store::view_reader& view, const migration_filter& filter,
              const list_visitor& visit, const std::string& after, uint64_t most)
      : view_{view}, filter_{filter}, visit_{visit}, end_{true, after}, left_{most} {}

  /// Whether to go on.
  bool look_at(std::string_view id, std::string_view bytes) {
    end_.is_whole = left_ > 0 && passes(id, bytes);
    if (end_.is_whole) {
      --left_;
      end_.last.assign(id);
    }
    return end_.is_whole;
  }

  list_scan_end end() && { return std::move(end_); }

private:
  bool passes(std::string_view id, std::string_view bytes) const {
    const auto phase = peek_list_phase(bytes);
    if (!filter_.wants_id(id) || (!phase.empty() && !filter_.wants_phase(phase)))
      return true;
    const auto row = list_row::read(bytes);
    if (!row)
      return !filter_.wants_phase(unreadable_list_row().phase) || visit_(id, unreadable_list_row());
    if (row->is_cut && filter_.needs_texts())
      return whole_passes(id, *row);
    return !filter_.wants(*row) || visit_(id, *row);
  }

  bool whole_passes(std::string_view id, const list_row& cut) const {
    const auto bytes = whole_row(view_, std::string{id});
    const auto row = bytes ? list_row::read(*bytes) : cut;
    return !row || !filter_.wants(*row) || visit_(id, *row);
  }

  const store::view_reader& view_;
  const migration_filter& filter_;
  const list_visitor& visit_;
  list_scan_end end_;
  uint64_t left_;
};

/// Where the ids of all that a filter may want are found in their order, and whether the rows are
/// there too.
struct list_path {
  std::string prefix;
  bool has_rows;
};

/// A row read by its key costs as much as a few that are read one after the other.
constexpr uint64_t rows_for_one = 4;

bool are_few(const store::view_reader& view, std::string_view phase) {
  const auto counts = phase_counts(view);
  uint64_t all = 0;
  for (const auto& [name, count] : counts)
    all += count;
  return counts.at(phase) * rows_for_one < all;
}

list_path path_for(const store::view_reader& view, list_rows among,
                   const migration_filter& filter) {
  if (among == list_rows::failed) // also of one owner, who may have many that do not rest
    return {std::string{failed_key}, true};
  if (const auto owner = filter.only_owner(); !owner.empty())
    return {owner_prefix(owner), false};
  const auto phase = filter.only_phase();
  if (!phase.empty() && phase != unreadable_phase && are_few(view, phase))
    return {phase_prefix(phase), false};
  return {std::string{list_key}, true};
}

/// Gathers the keys of rows, and looks at so many at once.
class row_fetcher {
public:
  row_fetcher(const store::view_reader& view, list_looker& to) : view_{view}, to_{to} {}

  /// Whether to go on.
  bool add(std::string_view id) {
    keys_.push_back(std::string{list_key}.append(id));
    return keys_.size() < at_once || flush();
  }

  bool flush() {
    const auto keys = std::exchange(keys_, {});
    const auto rows = view_.get_all(keys);
    if (!rows)
      read_ = tl::unexpected{rows.error()};
    bool goes_on = read_.has_value();
    for (std::size_t i = 0; goes_on && i < keys.size(); ++i)
      if (const auto& row = (*rows)[i])
        goes_on = to_.look_at(std::string_view{keys[i]}.substr(list_key.size()), *row);
    return goes_on;
  }

  const expected<void>& read() const { return read_; }

private:
  static constexpr std::size_t at_once = 128;

  const store::view_reader& view_;
  list_looker& to_;
  std::vector<std::string> keys_;
  expected<void> read_;
};

/// Looks at rows whose ids are under `prefix`, without more there.
expected<void> look_up(const store::view_reader& view, const std::string& prefix,
                       const std::string& id_prefix, const std::string& after, list_looker& to) {
  row_fetcher rows{view, to};
  bool goes_on = true;
  auto scanned = view.scan(prefix + id_prefix, after.empty() ? after : prefix + after,
                           store::no_limit, [&](std::string_view key, std::string_view) {
                             return goes_on = rows.add(key.substr(prefix.size()));
                           });
  if (scanned && goes_on)
    rows.flush();
  return scanned ? rows.read() : scanned;
}

expected<void> look_through(const store::view_reader& view, const std::string& prefix,
                            const std::string& id_prefix, const std::string& after,
                            list_looker& to) {
  return view.scan(prefix + id_prefix, after.empty() ? after : prefix + after, store::no_limit,
                   [&](std::string_view key, std::string_view bytes) {
                     return to.look_at(key.substr(prefix.size()), bytes);
                   });
}

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
  const auto [prefix, has_rows] = path_for(view, among, filter);
  list_looker looker{view, filter, visit, after, most};
  return (has_rows ? look_through : look_up)(view, prefix, filter.id_prefix(), after, looker)
      .map([&] { return std::move(looker).end(); });
}

nlohmann::json line_of(const store::view_reader& view, std::string_view id, const list_row& row) {
  const std::string name{id};
  const auto bytes = row.is_cut ? whole_row(view, name) : std::nullopt;
  const auto whole = bytes ? list_row::read(*bytes) : std::nullopt;
  return summary_json(name, whole.value_or(row));
}

} // namespace skein::actors
