#include "events/decode_event.hpp"
#include "events/proto_convert.hpp"
#include "events/record.hpp"
#include "events/record_place.hpp"

#include <algorithm>
#include <array>
#include <google/protobuf/arena.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <utility>

namespace skein {

namespace {

/// Maps in key order: equal values must give equal bytes, whatever built them.
std::string deterministic_bytes(const google::protobuf::MessageLite& message) {
  std::string bytes(message.ByteSizeLong(), '\0');
  google::protobuf::io::ArrayOutputStream out{bytes.data(), static_cast<int>(bytes.size())};
  google::protobuf::io::CodedOutputStream coded{&out};
  coded.SetSerializationDeterministic(true);
  message.SerializeWithCachedSizes(&coded);
  return bytes;
}

/// A message that lasts until this thread's next one. All of it, with whatever it consists of, is
/// made in one piece of memory that is used again and again: parsing costs no malloc.
template <class Message>
Message& scratch() {
  alignas(8) thread_local std::array<char, 16 << 10> memory;
  thread_local google::protobuf::Arena arena{memory.data(), memory.size()};
  arena.Reset();
  return *google::protobuf::Arena::CreateMessage<Message>(&arena);
}

template <class Message>
bool parse(Message& into, std::string_view bytes) {
  return into.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

failure unknown_event(std::string_view migration, uint64_t version) {
  return {"event " + std::to_string(version) + " of " + std::string{migration}
          + " is of a kind this version does not know; use the version that wrote it"};
}

tl::unexpected<failure> not_a_record() {
  return fail("these bytes are not a skein.v1.Record: the log is damaged or not Skein's");
}

/// The fields of a skein.v1.Record that folding needs, the event still as bytes.
struct envelope {
  std::string_view migration;
  uint64_t version = 0;
  int64_t at_us = 0;
  std::string_view actor, reason, event;
};

/// A field's value, of whichever of the two it is.
struct field_value {
  uint64_t number = 0;
  std::string_view text;
};

constexpr uint32_t varint = 0, fixed64 = 1, length_delimited = 2, fixed32 = 5; // wire types

bool take_value(google::protobuf::io::CodedInputStream& in, uint32_t type, std::string_view bytes,
                field_value& to) {
  uint32_t length = 0;
  switch (type) {
    case varint: return in.ReadVarint64(&to.number);
    case fixed64: return in.Skip(8);
    case fixed32: return in.Skip(4);
    case length_delimited:
      if (!in.ReadVarint32(&length))
        return false;
      to.text = bytes.substr(static_cast<size_t>(in.CurrentPosition()), length);
      return to.text.size() == length && in.Skip(static_cast<int>(length));
    default: return false;
  }
}

/// Walks over the fields as they stand, for parsing the command as well would cost more than all
/// the rest. (Protocol Buffers, "Encoding": a field is its number and wire type, then its value.)
/// A second event is refused: Protobuf would merge it into the first, and here it would replace it.
std::optional<envelope> open(std::string_view bytes) {
  auto tag = [](int field, uint32_t type) { return static_cast<uint32_t>(field) << 3 | type; };
  google::protobuf::io::CodedInputStream in{reinterpret_cast<const uint8_t*>(bytes.data()),
                                            static_cast<int>(bytes.size())};
  envelope found;
  bool has_event = false;
  while (const auto next = in.ReadTag()) {
    field_value value;
    if (!take_value(in, next & 7, bytes, value))
      return std::nullopt;
    if (next == tag(v1::Record::kMigrationFieldNumber, length_delimited))
      found.migration = value.text;
    else if (next == tag(v1::Record::kVersionFieldNumber, varint))
      found.version = value.number;
    else if (next == tag(v1::Record::kAtUsFieldNumber, varint))
      found.at_us = static_cast<int64_t>(value.number);
    else if (next == tag(v1::Record::kActorFieldNumber, length_delimited))
      found.actor = value.text;
    else if (next == tag(v1::Record::kReasonFieldNumber, length_delimited))
      found.reason = value.text;
    else if (next != tag(v1::Record::kEventFieldNumber, length_delimited))
      continue;
    else if (std::exchange(has_event, true))
      return std::nullopt;
    else
      found.event = value.text;
  }
  return in.ConsumedEntireMessage() ? std::optional{found} : std::nullopt;
}

/// By the numbers in the bytes: an enumerator of ours may not hold a later version's.
bool is_known(const v1::State& x) {
  return x.phase() <= static_cast<uint32_t>(migration::phase::rolled_back)
         && x.question() <= static_cast<uint32_t>(migration::question::denied)
         && std::all_of(x.steps().begin(), x.steps().end(), [](const v1::StepState& step) {
              return step.status() <= static_cast<uint32_t>(migration::step_status::skipped);
            });
}

} // namespace

std::vector<record> make_records(const std::string& id, uint64_t version_before,
                                 const migration::command& cmd,
                                 const std::vector<migration::event>& events) {
  std::vector<record> result;
  result.reserve(events.size());
  for (const auto& event : events)
    result.push_back({id, ++version_before, cmd.at, cmd.actor, cmd.reason, event, {}, 0});
  if (!result.empty()) {
    result.front().command = cmd;
    result.front().caused = static_cast<uint32_t>(events.size());
  }
  return result;
}

std::string encode(const record& from) {
  auto& to = scratch<v1::Record>();
  to.set_migration(from.migration);
  to.set_version(from.version);
  to.set_at_us(proto::micros(from.at));
  to.set_actor(proto::text(from.actor));
  to.set_reason(proto::text(from.reason));
  proto::put(from.event, *to.mutable_event());
  if (from.command) {
    proto::put(*from.command, *to.mutable_command());
    to.set_caused(from.caused);
  }
  return deterministic_bytes(to);
}

expected<record_place> place_of(std::string_view bytes) {
  const auto found = open(bytes);
  if (!found)
    return not_a_record();
  return record_place{std::string{found->migration}, found->version};
}

expected<record> decode_record(std::string_view bytes) {
  auto& from = scratch<v1::Record>();
  if (!open(bytes) || !parse(from, bytes)) // what one reader refuses, all do
    return not_a_record();
  auto event = proto::get(from.event());
  if (!event)
    return tl::unexpected{unknown_event(from.migration(), from.version())};
  record to{from.migration(),
            from.version(),
            proto::time_of(from.at_us()),
            from.actor(),
            from.reason(),
            *std::move(event),
            {},
            from.caused()};
  if (!from.has_command())
    return to;
  auto what = proto::get(from.command(), to.event);
  if (!what)
    return fail("the command of event " + std::to_string(from.version()) + " of " + from.migration()
                + " is of a kind this version does not know");
  to.command
      = migration::command{to.at, to.actor, to.reason, from.command().random(), *std::move(what)};
  return to;
}

std::string encode(const migration::state& from) {
  auto& to = scratch<v1::State>();
  proto::put(from, to);
  return deterministic_bytes(to);
}

expected<event_of_record> decode_event(std::string_view bytes) {
  const auto found = open(bytes);
  auto& from = scratch<v1::Event>();
  if (!found || !parse(from, found->event))
    return not_a_record();
  auto event = proto::get(from);
  if (!event)
    return tl::unexpected{unknown_event(found->migration, found->version)};
  return event_of_record{found->migration, found->version, proto::time_of(found->at_us),
                         found->actor,     found->reason,  *std::move(event)};
}

expected<record> decode_without_command(std::string_view bytes) {
  return decode_event(bytes).map([](event_of_record&& from) {
    return record{std::string{from.migration},
                  from.version,
                  from.at,
                  proto::text(std::string{from.actor}),
                  proto::text(std::string{from.reason}),
                  std::move(from.event),
                  {},
                  0};
  });
}

expected<migration::state> decode_state(std::string_view bytes) {
  auto& from = scratch<v1::State>();
  if (!parse(from, bytes))
    return fail("these bytes are not a skein.v1.State; the snapshot is thrown away");
  auto to = proto::get(from);
  if (to.steps.size() != to.flow.steps.size())
    return fail("this snapshot of " + to.subject.name + " has " + std::to_string(to.steps.size())
                + " step states for " + std::to_string(to.flow.steps.size())
                + " steps; it is thrown away");
  if (!is_known(from))
    return fail("this snapshot of " + to.subject.name + " is in a phase or has a step in a status"
                + " that this version does not know; it is thrown away");
  return to;
}

} // namespace skein
