#include "events/proto_convert.hpp"
#include "events/record.hpp"

#include <algorithm>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

namespace skein {

namespace {

/// Maps in key order: equal values must give equal bytes, whatever built them.
std::string deterministic_bytes(const google::protobuf::MessageLite& message) {
  std::string bytes;
  bytes.reserve(message.ByteSizeLong());
  google::protobuf::io::StringOutputStream out{&bytes};
  google::protobuf::io::CodedOutputStream coded{&out};
  coded.SetSerializationDeterministic(true);
  message.SerializeToCodedStream(&coded);
  coded.Trim();
  return bytes;
}

template <class Message>
bool parse(Message& into, std::string_view bytes) {
  return into.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

/// By the numbers in the bytes: an enumerator of ours may not hold a later version's.
bool is_known(const v1::State& x) {
  return x.phase() <= static_cast<uint32_t>(migration::phase::cancelled)
         && std::all_of(x.steps().begin(), x.steps().end(), [](const v1::StepState& step) {
              return step.status() <= static_cast<uint32_t>(migration::step_status::parked);
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
  v1::Record to;
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

expected<record> decode_record(std::string_view bytes) {
  v1::Record from;
  if (!parse(from, bytes))
    return fail("these bytes are not a skein.v1.Record: the log is damaged or not Skein's");
  auto event = proto::get(from.event());
  if (!event)
    return fail("event " + std::to_string(from.version()) + " of " + from.migration()
                + " is of a kind this version does not know; use the version that wrote it");
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
  v1::State to;
  proto::put(from, to);
  return deterministic_bytes(to);
}

expected<migration::state> decode_state(std::string_view bytes) {
  v1::State from;
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
