#include "actors/projection.hpp"

#include "actors/failed_changed.hpp"
#include "actors/list_row.hpp"
#include "store/keys.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

namespace skein::actors {

namespace {

namespace keys = store::keys;

constexpr std::string_view log_key = "log";
constexpr uint64_t erased_at_once = 10'000;

std::string joined(std::string_view a, std::string_view b) {
  return std::string{a} + std::string{b};
}

std::string origin_of(const store::log_reader& log) {
  return log.log_id() + "/" + std::to_string(state_schema) + "/" + std::to_string(view_schema);
}

/// What was read of the log, before any of it is folded.
struct taken_record {
  uint64_t sequence;
  expected<record> what; ///< without its command
};

expected<std::vector<taken_record>> take(const store::log_reader& log, uint64_t after,
                                         uint64_t limit) {
  std::vector<taken_record> result;
  auto end = log.read(after + 1, limit, [&](const store::stored& from) {
    result.push_back({from.sequence, decode_without_command(from.bytes)});
    return true;
  });
  if (!end)
    return tl::unexpected{end.error()};
  return result;
}

/// Where else than under its own key a row is found.
struct places {
  std::string wait;   ///< its key in "wait/"; empty: not there
  std::string remind; ///< likewise
  bool is_busy = false;
  std::string_view phase; ///< in "phase/"; empty: not there
  std::string owner;      ///< likewise, in "owner/"

  static places of(const std::string& id, const view_row& row) {
    const auto effects = owed(row.state);
    const auto is_watch
        = [](const auto& effect) { return std::holds_alternative<migration::watch>(effect); };
    const auto phase = phase_name(row);
    return {effects.empty() ? std::string{} : wait_key_of(id, row.state),
            remind_key_of(id, row.state), std::any_of(effects.begin(), effects.end(), is_watch),
            is_failed(phase) ? std::string_view{} : phase, std::string{owner_of(row.state)}};
  }
};

void put_if(bool is, std::string key, std::vector<store::view_change>& to) {
  to.push_back({std::move(key), is ? std::optional{std::string{}} : std::nullopt});
}

void move(const std::string& from, const std::string& now, std::vector<store::view_change>& to) {
  if (from == now)
    return;
  if (!from.empty())
    put_if(false, from, to);
  if (!now.empty())
    put_if(true, now, to);
}

void move(const std::string& id, const places& from, const places& now,
          std::vector<store::view_change>& to) {
  move(from.wait, now.wait, to);
  move(from.remind, now.remind, to);
  if (from.is_busy != now.is_busy)
    put_if(now.is_busy, joined(busy_key, id), to);
  const auto key = [&](const std::string& prefix, std::string_view name) {
    return name.empty() ? std::string{} : prefix + id;
  };
  if (from.phase != now.phase)
    move(key(phase_prefix(from.phase), from.phase), key(phase_prefix(now.phase), now.phase), to);
  if (from.owner != now.owner)
    move(key(owner_prefix(from.owner), from.owner), key(owner_prefix(now.owner), now.owner), to);
}

} // namespace

/// Rows as they become within one batch, and what that changes in the view.
class projection::batch {
public:
  batch(const store::log_reader& log, const store::view_reader& view, recent_rows& known)
      : log_{log}, view_{view}, known_{known} {}

  expected<void> fold(const taken_record& from) {
    if (!from.what)
      return give_up(from.sequence, from.what.error().what);
    auto row = row_before(*from.what, from.sequence);
    if (!row)
      return tl::unexpected{row.error()};
    **row = project(std::move(**row), from.sequence, *from.what);
    return {};
  }

  /// All changes of the batch, to be committed with the cursor.
  expected<std::vector<store::view_change>> changes() {
    std::vector<store::view_change> result;
    std::map<std::string, int64_t> counts;
    uint64_t failed_changed = 0;
    for (auto& [id, touched] : rows_) {
      if (touched.row.version == 0)
        continue; // only looked at
      result.push_back({joined(row_key, id), encode_row(touched.row)});
      if (put_list_row(id, touched, result))
        failed_changed = std::max(failed_changed, touched.row.sequence);
      if (touched.row.unreadable.empty()) { // else it stays where it was last seen
        touched.after = places::of(id, touched.row);
        move(id, touched.before, touched.after, result);
      }
      if (!touched.phase_before.empty())
        --counts[touched.phase_before];
      ++counts[std::string{phase_name(touched.row)}];
    }
    if (failed_changed > 0) {
      result.push_back({std::string{failed_changed_key}, std::string{}});
      keys::put_be64(*result.back().row, failed_changed);
    }
    if (auto counted = add(counts, result); !counted)
      return tl::unexpected{counted.error()};
    return result;
  }

  /// Once the changes are committed: the view has these rows now.
  void keep_rows() {
    for (auto& [id, touched] : rows_)
      if (!touched.after.wait.empty())
        known_.keep(id, std::move(touched.row));
  }

private:
  struct touched_row {
    view_row row;
    std::string phase_before; ///< as the view has it; empty: not at all
    places before, after;
  };

  /// Whether the row of a failed migration came, went or changed.
  static bool put_list_row(const std::string& id, const touched_row& touched,
                           std::vector<store::view_change>& to) {
    auto row = encode_list_row(id, touched.row);
    const bool is_there = is_failed(phase_name(touched.row));
    const bool was_there = is_failed(touched.phase_before);
    if (is_there)
      to.push_back({joined(failed_key, id), row});
    else if (was_there)
      to.push_back({joined(failed_key, id), std::nullopt});
    to.push_back({joined(list_key, id), std::move(row)});
    return is_there || was_there;
  }

  expected<void> add(const std::map<std::string, int64_t>& counts,
                     std::vector<store::view_change>& to) const {
    for (const auto& [phase, more] : counts) {
      auto key = joined(count_key, phase);
      auto before = view_.get(key);
      if (!before)
        return tl::unexpected{before.error()};
      const auto known = *before ? keys::whole_be64(**before).value_or(0) : 0;
      std::string value;
      keys::put_be64(value, known + static_cast<uint64_t>(more));
      to.push_back({std::move(key), std::move(value)});
    }
    return {};
  }

  /// The row that the record of that sequence goes into. Before a migration's first event there is
  /// none to look for.
  expected<view_row*> row_before(const record& what, uint64_t sequence) {
    if (what.version == 1)
      return &rows_.try_emplace(what.migration).first->second.row;
    return row_of(what.migration, sequence);
  }

  /// The row before the record of that sequence. One that cannot be decoded is made again.
  expected<view_row*> row_of(const std::string& id, uint64_t sequence) {
    if (auto found = rows_.find(id); found != rows_.end())
      return &found->second.row;
    auto fresh = row_in_view(id, sequence);
    if (!fresh)
      return tl::unexpected{fresh.error()};
    if (fresh->row.version > 0 && fresh->row.unreadable.empty())
      fresh->before = places::of(id, fresh->row);
    return &rows_.emplace(id, *std::move(fresh)).first->second.row;
  }

  expected<touched_row> row_in_view(const std::string& id, uint64_t sequence) {
    if (auto known = known_.take(id)) {
      const auto phase = phase_name(*known);
      return touched_row{*std::move(known), std::string{phase}, {}, {}};
    }
    const auto bytes = view_.get(joined(row_key, id));
    if (!bytes)
      return tl::unexpected{bytes.error()};
    if (!*bytes)
      return touched_row{};
    auto kept = decode_row(**bytes);
    auto row = kept ? std::move(kept) : replay(id, sequence);
    if (!row)
      return tl::unexpected{row.error()};
    return touched_row{*std::move(row), std::string{peek_phase(**bytes)}, {}, {}};
  }

  expected<view_row> replay(const std::string& id, uint64_t before) const {
    view_row row;
    auto end = log_.read_stream(id, 1, [&](uint64_t version, const store::stored& from) {
      if (from.sequence >= before)
        return false;
      if (auto what = decode_record(from.bytes))
        row = project(std::move(row), from.sequence, *what);
      else
        row = {version, from.sequence, {}, what.error().what};
      return true;
    });
    if (!end)
      return tl::unexpected{end.error()};
    return row;
  }

  /// The record cannot say whose it is, but the log's index can: everything before it is folded,
  /// so it is the next one of its own stream, and of no other.
  expected<std::string> owner_of(uint64_t sequence) {
    std::vector<std::string> candidates;
    auto listed = log_.streams("", "", [&](const store::stream_info& stream) {
      if (stream.last_sequence >= sequence)
        candidates.emplace_back(stream.id);
      return true;
    });
    if (!listed)
      return tl::unexpected{listed.error()};
    for (const auto& id : candidates)
      if (is_next_of(id, sequence))
        return id;
    return fail("no migration has the record at sequence " + std::to_string(sequence)
                + ": the log's index is damaged");
  }

  bool is_next_of(const std::string& id, uint64_t sequence) {
    auto row = row_of(id, sequence);
    bool found = false;
    if (row)
      (void)log_.read_stream(id, (*row)->version + 1, [&](uint64_t, const store::stored& from) {
        found = from.sequence == sequence;
        return false;
      });
    return found;
  }

  expected<void> give_up(uint64_t sequence, const std::string& why) {
    auto id = owner_of(sequence);
    if (!id)
      return tl::unexpected{id.error()};
    auto row = row_of(*id, sequence);
    if (!row)
      return tl::unexpected{row.error()};
    ++(*row)->version;
    (*row)->sequence = sequence;
    if ((*row)->unreadable.empty())
      (*row)->unreadable = "sequence " + std::to_string(sequence) + ": " + why;
    return {};
  }

  const store::log_reader& log_;
  const store::view_reader& view_;
  recent_rows& known_;
  std::map<std::string, touched_row> rows_;
};

namespace {

/// The origin goes first and last: a crash on the way leaves a view of no log, cleared again later.
expected<void> clear(store::view_store& view) {
  std::vector<store::view_change> changes;
  do {
    changes = {{std::string{log_key}, std::string{}}};
    auto listed = view.scan("", "", erased_at_once, [&](std::string_view key, std::string_view) {
      if (key != log_key)
        changes.push_back({std::string{key}, std::nullopt});
      return true;
    });
    if (!listed)
      return tl::unexpected{listed.error()};
    if (auto done = view.commit(changes, 0); !done)
      return done;
  } while (changes.size() > 1);
  const store::view_change last{std::string{log_key}, std::nullopt};
  return view.commit({&last, 1}, 0);
}

std::map<std::string_view, uint64_t> counts_of(const std::vector<taken_record>& records) {
  std::map<std::string_view, uint64_t> counts;
  for (const auto& each : records)
    ++counts[each.what ? migration::name_of(each.what->event) : unreadable_phase];
  return counts;
}

} // namespace

bool is_view_of(const store::view_reader& view, const store::log_reader& log) {
  const auto origin = view.get(log_key);
  if (!origin || !*origin)
    return origin && view.cursor() == 0;
  return **origin == origin_of(log) && view.cursor() <= log.last_sequence();
}

expected<uint64_t> projection::next(uint64_t limit, const event_counter& seen) {
  if (!is_view_of(view_, log_)) {
    known_.clear();
    if (auto cleared = clear(view_); !cleared)
      return tl::unexpected{cleared.error()};
  }
  auto records = take(log_, view_.cursor(), limit);
  if (!records || records->empty())
    return records ? expected<uint64_t>{view_.cursor()} : tl::unexpected{records.error()};
  // What fails on the way has taken rows out of `known_` and leaves them out, so that the next try
  // starts from the view.
  batch work{log_, view_, known_};
  for (const auto& from : *records)
    if (auto folded = work.fold(from); !folded)
      return tl::unexpected{folded.error()};
  auto changes = work.changes();
  if (!changes)
    return tl::unexpected{changes.error()};
  changes->push_back({std::string{log_key}, origin_of(log_)});
  if (auto done = view_.commit(*changes, records->back().sequence); !done)
    return tl::unexpected{done.error()};
  work.keep_rows();
  if (seen)
    for (const auto& [type, count] : counts_of(*records))
      seen(type, count);
  return records->back().sequence;
}

expected<void> projection::catch_up(uint64_t limit) {
  for (;;) {
    const auto reached = next(limit);
    if (!reached)
      return tl::unexpected{reached.error()};
    if (*reached >= log_.last_sequence())
      return {};
  }
}

expected<uint64_t> project_batch(const store::log_reader& log, store::view_store& view,
                                 uint64_t limit) {
  return projection{log, view}.next(limit);
}

} // namespace skein::actors
