#include "events/redecide.hpp"

#include <exception>

namespace skein {

namespace {

using migration::event;

/// What the log would hold, had today's code answered.
std::vector<record> records_of(const record& first, const migration::decision& today) {
  const auto* events = std::get_if<std::vector<event>>(&today);
  return events ? make_records(first.migration, first.version - 1, *first.command, *events)
                : std::vector<record>{};
}

/// Mostly the bytes in the log. Where they differ, both are encoded now: what a later version adds
/// to a record beside the decision is no difference.
bool same_bytes(const std::vector<record>& recorded, const std::vector<std::string>& stored,
                const std::vector<record>& today) {
  if (recorded.size() != today.size())
    return false;
  for (std::size_t i = 0; i < today.size(); ++i)
    if (const auto bytes = encode(today[i]); bytes != stored[i] && bytes != encode(recorded[i]))
      return false;
  return true;
}

std::vector<event> events_of(const std::vector<record>& records) {
  std::vector<event> events;
  for (const auto& x : records)
    events.push_back(x.event);
  return events;
}

} // namespace

void redecider::take(uint64_t sequence, std::string_view bytes) {
  if (lost_)
    return;
  auto next = decode_record(bytes);
  if (!next)
    return lose(sequence, version_ + 1, next.error().what);
  try {
    take(sequence, *next, bytes);
  } catch (const std::exception& error) {
    open_.reset();
    lose(sequence, next->version, std::string{"today's code fails at this event: "} + error.what());
  }
}

void redecider::take(uint64_t sequence, const record& next, std::string_view bytes) {
  if (next.migration != migration_)
    return lose(sequence, version_ + 1, "this event is of migration " + next.migration);
  if (next.version != version_ + 1)
    return lose(sequence, next.version,
                "event " + std::to_string(next.version) + " follows event "
                    + std::to_string(version_));
  version_ = next.version;
  if (next.command) {
    begin_decision(sequence, next);
    open_->stored.emplace_back(bytes);
  } else if (open_ && open_->recorded.size() < open_->recorded.front().caused) {
    open_->recorded.push_back(next);
    open_->stored.emplace_back(bytes);
  } else {
    end_decision();
    blame(sequence, next.version, "no command is recorded that caused this event");
  }
  now_ = evolve(std::move(now_), next.event, next.at);
}

void redecider::begin_decision(uint64_t sequence, const record& next) {
  end_decision();
  ++decisions_;
  open_ = open_decision{sequence, {next}, {}, decide(now_, *next.command)};
}

void redecider::end_decision() {
  if (!open_)
    return;
  auto done = *std::exchange(open_, std::nullopt);
  const auto& first = done.recorded.front();
  if (first.caused != done.recorded.size())
    return blame(done.sequence, first.version,
                 "the command says that it caused " + std::to_string(first.caused) + " events, but "
                     + std::to_string(done.recorded.size()) + " of them are here");
  if (same_bytes(done.recorded, done.stored, records_of(first, done.today)))
    return;
  found_.push_back({migration_,
                    first.version,
                    done.sequence,
                    {},
                    std::string{name_of(first.command->what)},
                    events_of(done.recorded),
                    std::move(done.today)});
}

std::vector<divergence> redecider::finish() {
  end_decision();
  return std::exchange(found_, {});
}

void redecider::lose(uint64_t sequence, uint64_t version, std::string fault) {
  end_decision();
  blame(sequence, version, std::move(fault));
  lost_ = true;
}

void redecider::blame(uint64_t sequence, uint64_t version, std::string fault) {
  found_.push_back({migration_, version, sequence, std::move(fault), {}, {}, {}});
}

} // namespace skein
