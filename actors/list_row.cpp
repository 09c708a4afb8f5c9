#include "actors/list_row.hpp"

#include "actors/failure_group.hpp"
#include "store/keys.hpp"
#include "store/varint.hpp"

#include <algorithm>

namespace skein::actors {

namespace {

using namespace store;
using migration::step_status;

enum flag : uint8_t { paused = 1, cut = 2 };

constexpr std::size_t sequence_at = 3; ///< behind phase, flags and priority
constexpr char no_step = '\xff';

/// What a reader wants to hear of first.
int urgency(step_status x) {
  switch (x) {
    case step_status::parked: return 0;
    case step_status::held: return 1;
    case step_status::running: return 2;
    case step_status::retrying: return 3;
    case step_status::ready: return 4;
    case step_status::waiting: return 5;
    case step_status::succeeded:
    case step_status::skipped: return 6;
  }
  return 6;
}

std::string why_of(const view_row& row, std::optional<std::size_t> at) {
  if (!row.unreadable.empty())
    return row.unreadable;
  if (row.state.why.empty() && at && row.state.steps[*at].status == step_status::retrying)
    return row.state.steps[*at].last_failure;
  return row.state.why;
}

uint64_t attempts_of(const migration::state& now) {
  uint64_t sum = 0;
  for (const auto& step : now.steps)
    sum += step.attempts;
  return sum;
}

void put_time(std::string& to, migration::timestamp at) {
  keys::put_be64(to, static_cast<uint64_t>(at.time_since_epoch().count()));
}

std::optional<migration::timestamp> take_time(std::string_view& from) {
  const auto count = keys::take_be64(from);
  if (!count)
    return std::nullopt;
  return migration::timestamp{std::chrono::microseconds{static_cast<int64_t>(*count)}};
}

std::string put_labels(const migration::labels& labels) {
  std::string bytes;
  put_varint(bytes, labels.size());
  for (const auto& [name, value] : labels) {
    put_text(bytes, name);
    put_text(bytes, value);
  }
  return bytes;
}

std::string put_failures(const view_row& row, const std::string& why) {
  std::string bytes;
  const auto add = [&](const std::string& text) {
    if (!text.empty() && text != why)
      put_text(bytes, text);
  };
  add(row.state.why);
  for (const auto& step : row.state.steps)
    add(step.last_failure);
  return bytes;
}

std::optional<std::string_view> find_label(std::string_view packed, std::string_view wanted) {
  (void)take_varint(packed); // how many
  while (!packed.empty()) {
    const auto name = take_text(packed);
    const auto value = take_text(packed);
    if (!name || !value)
      break;
    if (*name == wanted)
      return *value;
  }
  return std::nullopt;
}

/// Cuts the labels off `from`, where the failures begin.
std::optional<std::string_view> take_labels(std::string_view& from) {
  const auto whole = from;
  auto count = take_varint(from);
  for (; count && *count > 0; --*count)
    if (!take_text(from) || !take_text(from))
      return std::nullopt;
  if (!count)
    return std::nullopt;
  return whole.substr(0, whole.size() - from.size());
}

} // namespace

std::string phase_prefix(std::string_view phase_name) {
  return std::string{phase_key}.append(phase_name).append(1, '/');
}

std::string owner_prefix(std::string_view owner) {
  return std::string{owner_key}.append(owner).append(1, '\0');
}

std::string_view owner_of(const migration::state& now) {
  const auto found = now.labels.find("owner");
  return found == now.labels.end() ? std::string_view{} : found->second;
}

std::optional<std::size_t> current_step(const migration::state& now) {
  const auto first
      = std::min_element(now.steps.begin(), now.steps.end(), [](const auto& a, const auto& b) {
          return urgency(a.status) < urgency(b.status);
        });
  if (first == now.steps.end() || is_done(first->status))
    return std::nullopt;
  return static_cast<std::size_t>(first - now.steps.begin());
}

std::string encode_list_row(const std::string& id, const view_row& row, std::size_t most) {
  const auto& now = row.state;
  const auto at = current_step(now);
  const auto why = why_of(row, at);
  const auto step = at ? std::string_view{now.flow.steps[*at].name} : std::string_view{};
  const auto labels = put_labels(now.labels);
  const auto failures = put_failures(row, why);
  const bool is_cut = why.size() + labels.size() + failures.size() > most;
  std::string bytes;
  bytes += mark_of(row);
  bytes += static_cast<char>((now.is_paused ? paused : 0) | (is_cut ? cut : 0));
  bytes += static_cast<char>(now.priority);
  keys::put_be64(bytes, row.sequence);
  put_time(bytes, now.requested_at);
  put_time(bytes, now.changed_at);
  bytes += at ? static_cast<char>(now.steps[*at].status) : no_step;
  put_varint(bytes, attempts_of(now));
  put_text(bytes, now.subject.current_version);
  put_text(bytes, step);
  put_text(bytes, now.scan);
  put_text(bytes, failure_group_of(id, row));
  put_text(bytes, is_cut ? std::string_view{} : why);
  bytes += is_cut ? put_labels({}) : labels;
  return is_cut ? bytes : bytes += failures;
}

std::optional<list_row> list_row::read(std::string_view bytes) {
  if (bytes.size() < sequence_at)
    return std::nullopt;
  list_row row;
  row.phase = name_of_mark(bytes[0]);
  row.is_paused = (bytes[1] & paused) != 0;
  row.is_cut = (bytes[1] & cut) != 0;
  row.priority = static_cast<int8_t>(bytes[2]);
  bytes.remove_prefix(sequence_at);
  const auto sequence = keys::take_be64(bytes);
  const auto requested = take_time(bytes), changed = take_time(bytes);
  const auto status = take_bytes(bytes, 1);
  const auto attempts = take_varint(bytes);
  if (!sequence || !requested || !changed || !status || !attempts)
    return std::nullopt;
  row.sequence = *sequence;
  row.requested_at = *requested;
  row.changed_at = *changed;
  if ((*status)[0] != no_step)
    row.step_status = static_cast<migration::step_status>((*status)[0]);
  row.attempts = *attempts;
  for (auto* text : {&row.current_version, &row.step, &row.scan, &row.failure_group, &row.why}) {
    const auto taken = take_text(bytes);
    if (!taken)
      return std::nullopt;
    *text = *taken;
  }
  const auto labels = take_labels(bytes);
  if (!labels)
    return std::nullopt;
  row.packed_labels = *labels;
  row.packed_failures = bytes;
  return row;
}

std::string_view list_row::label(std::string_view name) const {
  return find_label(packed_labels, name).value_or(std::string_view{});
}

bool list_row::has_label(std::string_view name, std::string_view value) const {
  return find_label(packed_labels, name) == value;
}

std::vector<std::string_view> list_row::failures() const {
  std::vector<std::string_view> all;
  auto from = packed_failures;
  while (!from.empty()) {
    const auto next = take_text(from);
    if (!next)
      break;
    all.push_back(*next);
  }
  return all;
}

std::string_view peek_list_phase(std::string_view bytes) {
  return bytes.size() < sequence_at ? std::string_view{} : name_of_mark(bytes[0]);
}

} // namespace skein::actors
