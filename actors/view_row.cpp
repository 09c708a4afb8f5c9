#include "actors/view_row.hpp"

#include "store/keys.hpp"

#include <algorithm>
#include <exception>

namespace skein::actors {

namespace {

namespace keys = store::keys;

/// Not a phase: on disk in the place of one.
constexpr char unreadable_mark = '\xff';

constexpr std::size_t phase_at = 16; ///< behind version and sequence

} // namespace

failure row_damage() {
  return {"a row of the view is not one that this version of Skein wrote; stop skeind and remove "
          "the view's folder, and it will be built again from the log"};
}

std::string_view name_of_mark(char mark) {
  return mark == unreadable_mark ? unreadable_phase
                                 : to_string(static_cast<migration::phase>(mark));
}

char mark_of(const view_row& row) {
  return row.unreadable.empty() ? static_cast<char>(row.state.phase) : unreadable_mark;
}

bool is_failed(std::string_view phase_name) {
  using migration::phase;
  for (const auto each : {phase::held, phase::parked, phase::quarantined})
    if (phase_name == to_string(each))
      return true;
  return phase_name == unreadable_phase;
}

std::string_view phase_name(const view_row& row) { return name_of_mark(mark_of(row)); }

std::string encode_row(const view_row& row) {
  std::string bytes;
  keys::put_be64(bytes, row.version);
  keys::put_be64(bytes, row.sequence);
  bytes += mark_of(row);
  keys::put_be32(bytes, static_cast<uint32_t>(row.unreadable.size()));
  bytes += row.unreadable;
  bytes += encode(row.state);
  return bytes;
}

expected<view_row> decode_row(std::string_view bytes) {
  const auto version = keys::take_be64(bytes);
  const auto sequence = keys::take_be64(bytes);
  if (!version || !sequence || bytes.empty())
    return tl::unexpected{row_damage()};
  bytes.remove_prefix(1);
  const auto length = keys::take_be32(bytes);
  if (!length || *length > bytes.size())
    return tl::unexpected{row_damage()};
  auto state = decode_state(bytes.substr(*length));
  if (!state)
    return tl::unexpected{row_damage()};
  return view_row{*version, *sequence, *std::move(state), std::string{bytes.substr(0, *length)}};
}

std::string_view peek_phase(std::string_view bytes) {
  return bytes.size() > phase_at ? name_of_mark(bytes[phase_at]) : std::string_view{};
}

std::string wait_key_of(const std::string& id, const migration::state& now) {
  std::string key{wait_key};
  key += static_cast<char>(migration::priority_max - now.priority);
  keys::put_be64(key, static_cast<uint64_t>(now.requested_at.time_since_epoch().count()));
  return key += id;
}

std::string id_in_wait_key(std::string_view key) {
  return std::string{key.substr(wait_key.size() + 1 + sizeof(uint64_t))};
}

std::string remind_key_of(const std::string& id, const migration::state& now) {
  const auto at = now.telling.remind_at;
  if (!now.told || at == migration::timestamp{})
    return {};
  std::string key{remind_key};
  keys::put_be64(key, static_cast<uint64_t>(at.time_since_epoch().count()));
  return key += id;
}

std::optional<std::pair<migration::timestamp, std::string>> in_remind_key(std::string_view key) {
  key.remove_prefix(std::min(key.size(), remind_key.size()));
  const auto at = keys::take_be64(key);
  if (!at)
    return std::nullopt;
  const std::chrono::microseconds since{static_cast<int64_t>(*at)};
  return std::pair{migration::timestamp{since}, std::string{key}};
}

uint64_t peek_sequence(std::string_view bytes) {
  return bytes.size() > phase_at ? keys::whole_be64(bytes.substr(8, 8)).value_or(0) : 0;
}

view_row project(view_row row, uint64_t sequence, const record& what) {
  if (what.version <= row.version)
    return row;
  const auto wanted = row.version + 1;
  row.version = what.version;
  row.sequence = sequence;
  if (!row.unreadable.empty())
    return row;
  if (what.version != wanted) {
    row.unreadable = "the view was never shown event " + std::to_string(wanted)
                     + " of this migration; stop skeind and remove the view's folder, and it will "
                       "be built again from the log";
    return row;
  }
  try {
    row.state = evolve(std::move(row.state), what.event, what.at);
  } catch (const std::exception& error) {
    row.state = {};
    row.unreadable = "event " + std::to_string(what.version) + " at sequence "
                     + std::to_string(sequence) + " could not be folded: " + error.what();
  }
  return row;
}

std::string dataset_of(std::string_view migration_id) {
  return std::string{migration_id.substr(0, migration_id.rfind('@'))};
}

std::string target_version_of(std::string_view migration_id) {
  const auto at = migration_id.rfind('@');
  return at == migration_id.npos ? std::string{} : std::string{migration_id.substr(at + 1)};
}

} // namespace skein::actors
