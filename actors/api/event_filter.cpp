#include "actors/api/event_filter.hpp"

#include "actors/api/query_parameters.hpp"
#include "actors/view_row.hpp"
#include "events/names.hpp"

#include <algorithm>
#include <array>

namespace skein::actors {

namespace {

constexpr std::array parameters{"dataset", "owner", "type", "actor", "since", "until"};

expected<void> check_type(const std::string& type) {
  const auto known = migration::event_names();
  if (type.empty() || std::find(known.begin(), known.end(), type) != known.end())
    return {};
  std::string list;
  for (const auto name : known)
    list += (list.empty() ? "" : ", ") + std::string{name};
  return fail("there is no event of type '" + type + "'; types are " + list);
}

} // namespace

expected<event_filter> event_filter::read(const query_parameters& given,
                                          const store::view_reader& view,
                                          migration::timestamp now) {
  event_filter filter{view};
  filter.dataset_ = text_parameter(given, "dataset");
  filter.owner_ = text_parameter(given, "owner");
  filter.type_ = text_parameter(given, "type");
  filter.actor_ = text_parameter(given, "actor");
  filter.filters_ = std::any_of(parameters.begin(), parameters.end(), [&](const char* name) {
    return !text_parameter(given, name).empty();
  });
  return check_type(filter.type_).and_then([&] { return filter.read_span(given, now); }).map([&] {
    return std::move(filter);
  });
}

expected<void> event_filter::read_span(const query_parameters& given, migration::timestamp now) {
  const auto since = moment_parameter(given, "since", now);
  const auto until = moment_parameter(given, "until", now);
  if (!since || !until)
    return tl::unexpected{since ? until.error() : since.error()};
  if (*since && (*since)->index() == 0)
    first_sequence_ = std::get<uint64_t>(**since);
  else if (*since)
    since_ = std::get<migration::timestamp>(**since);
  if (*until && (*until)->index() == 0)
    last_sequence_ = std::get<uint64_t>(**until);
  else if (*until)
    until_ = std::get<migration::timestamp>(**until);
  // What the view does not have yet has no owner yet: a reader that follows comes back for it.
  if (!owner_.empty())
    last_sequence_ = std::min(last_sequence_, view_->cursor());
  return {};
}

bool event_filter::fits(const event_facts& what) const {
  return what.sequence >= first_sequence_ && what.sequence <= last_sequence_
         && (!since_ || what.at >= *since_) && (!until_ || what.at <= *until_)
         && (type_.empty() || type_ == what.type) && matches(actor_, what.actor)
         && matches(dataset_, dataset_of(what.migration));
}

bool event_filter::wants(uint64_t sequence, const record& what) {
  return fits(facts_of(sequence, what)) && (owner_.empty() || owner_ == owner_of(what.migration));
}

bool event_filter::wants(const event_facts& what, const std::string& owner) const {
  return fits(what) && (owner_.empty() || owner_ == owner);
}

const std::string& event_filter::owner_of(const std::string& migration) {
  const auto [entry, is_new] = owners_.try_emplace(migration);
  if (is_new)
    entry->second = owner_in(*view_, migration);
  return entry->second;
}

event_facts facts_of(uint64_t sequence, const record& what) {
  return {sequence, what.at, what.migration, name_of(what.event), what.actor};
}

std::string owner_in(const store::view_reader& view, const std::string& migration) {
  const auto bytes = view.get(std::string{row_key} + migration);
  const auto row = bytes && *bytes ? decode_row(**bytes) : expected<view_row>{fail("no row")};
  if (!row)
    return {};
  const auto owner = row->state.labels.find("owner");
  return owner == row->state.labels.end() ? std::string{} : owner->second;
}

} // namespace skein::actors
