#include "actors/api/event_ring.hpp"

#include "actors/json_text.hpp"
#include "events/status.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace skein::actors {

namespace {

constexpr uint64_t taken_at_once = 1000;
constexpr std::string_view unreadable = "unreadable";

} // namespace

std::string event_frame(uint64_t sequence, std::string_view type, const std::string& json) {
  std::string frame = "id: " + std::to_string(sequence) + "\nevent: ";
  frame.append(type).append("\ndata: ").append(json).append("\n\n");
  return frame;
}

feed_event::feed_event(const store::stored& from) : what_{decode_without_command(from.bytes)} {
  facts = what_ ? facts_of(from.sequence, *what_) : event_facts{.sequence = from.sequence};
  if (!what_)
    facts.type = unreadable;
}

const cluster::http_stream::piece& feed_event::frame() {
  if (frame_)
    return frame_;
  const auto json = what_ ? status_json(facts.sequence, *what_)
                          : dump_json({{"sequence", std::to_string(facts.sequence)},
                                       {"type", unreadable},
                                       {"reason", what_.error().what}});
  frame_ = std::make_shared<const std::string>(event_frame(facts.sequence, facts.type, json));
  return frame_;
}

expected<bool> event_ring::take_in() {
  const auto end = view_.cursor();
  if (end <= last_)
    return false;
  const auto read = log_.read(last_ + 1, std::min(end - last_, taken_at_once),
                              [this](const store::stored& from) {
                                events_.emplace_back(from);
                                last_ = from.sequence;
                                return true;
                              });
  if (!read)
    return tl::unexpected{read.error()};
  while (events_.size() > events_max_)
    events_.pop_front();
  return last_ < end;
}

void event_ring::pass_over() {
  events_.clear();
  last_ = std::max(last_, view_.cursor());
}

bool event_ring::wants(const event_filter& filter, feed_event& what) const {
  if (!what.is_readable())
    return filter.is_empty();
  if (filter.asks_for_owner() && !what.owner)
    what.owner = owner_in(view_, what.facts.migration);
  return filter.wants(what.facts, what.owner.value_or(""));
}

} // namespace skein::actors
