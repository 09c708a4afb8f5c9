#include "actors/api/migration_filter.hpp"

#include "actors/api/migration_json.hpp"
#include "actors/api/phase_counts.hpp"
#include "actors/api/query_parameters.hpp"
#include "config/workspace.hpp"

#include <algorithm>
#include <array>

namespace skein::actors {

namespace {

constexpr auto longest_age = std::chrono::years{1000};

/// A letter of ASCII as a small one; a table, since a search asks for each letter of each row.
constexpr auto small_letters = [] {
  std::array<unsigned char, 256> all{};
  for (std::size_t i = 0; i < all.size(); ++i)
    all[i] = static_cast<unsigned char>('A' <= i && i <= 'Z' ? i - 'A' + 'a' : i);
  return all;
}();

bool same_letter(unsigned char a, unsigned char b) { return small_letters[a] == small_letters[b]; }

bool contains(std::string_view text, std::string_view part) {
  return std::search(text.begin(), text.end(), part.begin(), part.end(), same_letter) != text.end();
}

bool says(const list_row& row, const std::string& part) {
  if (contains(row.why, part))
    return true;
  const auto failures = row.failures();
  return std::any_of(failures.begin(), failures.end(),
                     [&](auto each) { return contains(each, part); });
}

expected<std::optional<migration::timestamp>> age(const query_parameters& given, const char* name,
                                                  migration::timestamp now) {
  const auto text = text_parameter(given, name);
  if (text.empty())
    return std::nullopt;
  const auto span = config::parse_duration(text);
  if (span && *span <= longest_age)
    return now - *span;
  return fail("parameter '" + std::string{name} + "' is '" + text
              + "', but must be a span such as 90s, 10m, 6h or 2d");
}

} // namespace

const std::vector<std::string_view>& migration_filter::parameters() {
  static const std::vector<std::string_view> names{
      "state", "phase",      "owner",        "dataset",  "scan",   "label",
      "text",  "older_than", "younger_than", "idle_for", "failure"};
  return names;
}

expected<migration_filter> migration_filter::read(const query_parameters& given,
                                                  migration::timestamp now) {
  migration_filter filter;
  filter.owner_ = text_parameter(given, "owner");
  filter.dataset_ = text_parameter(given, "dataset");
  filter.scan_ = text_parameter(given, "scan");
  filter.text_ = text_parameter(given, "text");
  filter.failure_ = text_parameter(given, "failure");
  return filter.read_states(text_parameter(given, "state"))
      .and_then([&] { return filter.read_states(text_parameter(given, "phase")); })
      .and_then([&] { return filter.read_labels(given); })
      .and_then([&] { return filter.read_ages(given, now); })
      .map([&] { return std::move(filter); });
}

expected<void> migration_filter::read_states(const std::string& list) {
  for (auto& name : split_list(list)) {
    if (std::find(phase_names.begin(), phase_names.end(), name) == phase_names.end())
      return fail("there is no phase '" + name
                  + "'; phases are running, completed, held, parked, quarantined, cancelled, "
                    "rolled_back and unreadable");
    states_.push_back(std::move(name));
  }
  return {};
}

expected<void> migration_filter::read_labels(const query_parameters& given) {
  return label_parameter(given).map([&](migration::labels found) { labels_ = std::move(found); });
}

expected<void> migration_filter::read_ages(const query_parameters& given,
                                           migration::timestamp now) {
  auto older = age(given, "older_than", now);
  auto younger = age(given, "younger_than", now);
  auto idle = age(given, "idle_for", now);
  if (!older || !younger || !idle)
    return tl::unexpected{!older ? older.error() : !younger ? younger.error() : idle.error()};
  requested_before_ = *older;
  requested_after_ = *younger;
  changed_before_ = *idle;
  return {};
}

bool migration_filter::wants_phase(std::string_view phase) const {
  return states_.empty() || std::find(states_.begin(), states_.end(), phase) != states_.end();
}

bool migration_filter::wants_id(std::string_view id) const {
  return id != steering::stream && (dataset_.empty() || matches(dataset_, dataset_of(id)));
}

bool migration_filter::wants_failed_only() const {
  return !states_.empty() && std::all_of(states_.begin(), states_.end(), [](const auto& phase) {
    return is_failed(phase) && phase != unreadable_phase;
  });
}

std::string_view migration_filter::only_phase() const {
  return states_.size() == 1 ? std::string_view{states_[0]} : std::string_view{};
}

std::string_view migration_filter::only_owner() const {
  const auto label = labels_.find("owner");
  return owner_.empty() && label != labels_.end() ? label->second : owner_;
}

bool migration_filter::wants_all() const {
  return states_.empty() && owner_.empty() && dataset_.empty() && scan_.empty() && text_.empty()
         && failure_.empty() && labels_.empty() && !requested_before_ && !requested_after_
         && !changed_before_;
}

bool migration_filter::needs_texts() const {
  return !owner_.empty() || !text_.empty() || !labels_.empty();
}

bool migration_filter::wants(const list_row& row) const {
  return (scan_.empty() || row.scan == scan_) && (failure_.empty() || row.failure_group == failure_)
         && (!requested_before_ || row.requested_at <= *requested_before_)
         && (!requested_after_ || row.requested_at >= *requested_after_)
         && (!changed_before_ || row.changed_at <= *changed_before_)
         && (owner_.empty() || row.label("owner") == owner_)
         && std::all_of(labels_.begin(), labels_.end(),
                        [&](const auto& x) { return row.has_label(x.first, x.second); })
         && (text_.empty() || says(row, text_));
}

std::string migration_filter::id_prefix() const {
  return dataset_.substr(0, dataset_.find_first_of("*?[\\"));
}

} // namespace skein::actors
