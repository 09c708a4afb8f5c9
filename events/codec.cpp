#include "events/proto_convert.hpp"
#include "events/record.hpp"

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
  to.set_actor(from.actor);
  to.set_reason(from.reason);
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
  return proto::get(from);
}

} // namespace skein
