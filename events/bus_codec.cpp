#include "events/bus.hpp"
#include "events/bus.pb.h"
#include "events/proto_convert.hpp"
#include "events/proto_json.hpp"

#include <google/protobuf/util/json_util.h>

namespace skein::bus {

namespace {

using std::chrono::milliseconds;

template <class Map>
void put_map(const std::map<std::string, std::string>& from, Map* to) {
  for (const auto& [key, value] : from)
    (*to)[proto::text(key)] = proto::text(value);
}

template <class Map>
std::map<std::string, std::string> get_map(const Map& from) {
  return {from.begin(), from.end()};
}

// Put and get, in the order of bus.proto.

void put(const migrate_request& from, v1::MigrateRequest& to) {
  to.set_dataset(from.dataset);
  to.set_current_version(from.current_version);
  to.set_target_version(from.target_version);
  to.set_scan(from.scan);
}

migrate_request get(const v1::MigrateRequest& from) {
  return {from.dataset(), from.current_version(), from.target_version(), from.scan()};
}

void put(const lease_request& from, v1::LeaseRequest& to) {
  to.set_worker(from.worker);
  to.set_capacity(from.capacity);
  to.set_wait_ms(from.wait.count());
}

lease_request get(const v1::LeaseRequest& from) {
  return {from.worker(), from.capacity(), milliseconds{from.wait_ms()}};
}

void put(const assignment& from, v1::Assignment& to) {
  to.set_migration(from.migration);
  proto::put(from.subject, *to.mutable_subject());
  to.set_scan(from.scan);
  to.set_workflow(from.workflow);
  to.set_step(from.step);
  to.set_agent(from.agent);
  to.set_attempt(from.attempt);
  to.set_epoch(from.epoch);
  to.set_lease_ttl_ms(from.lease_ttl.count());
  to.set_timeout_ms(from.timeout.count());
  put_map(from.inputs, to.mutable_inputs());
  for (const auto& word : from.command)
    to.add_command(word);
  for (const auto& [name, value] : from.environment) {
    auto* variable = to.add_environment();
    variable->set_name(name);
    variable->set_value(value);
  }
  to.set_cpu_seconds(from.cpu.count());
  to.set_memory_bytes(from.memory_bytes);
  to.set_image(from.image);
  put_map(from.labels, to.mutable_labels());
  to.set_input(proto::text(from.input));
}

assignment get(const v1::Assignment& from) {
  assignment to;
  to.migration = from.migration();
  to.subject = proto::get(from.subject());
  to.scan = from.scan();
  to.workflow = from.workflow();
  to.step = from.step();
  to.agent = from.agent();
  to.attempt = from.attempt();
  to.epoch = from.epoch();
  to.lease_ttl = milliseconds{from.lease_ttl_ms()};
  to.timeout = milliseconds{from.timeout_ms()};
  to.inputs = get_map(from.inputs());
  to.command.assign(from.command().begin(), from.command().end());
  for (const auto& x : from.environment())
    to.environment.emplace_back(x.name(), x.value());
  to.cpu = std::chrono::seconds{from.cpu_seconds()};
  to.memory_bytes = from.memory_bytes();
  to.image = from.image();
  to.labels = get_map(from.labels());
  to.input = from.input();
  return to;
}

void put(const lease_reply& from, v1::LeaseReply& to) {
  for (const auto& x : from.assignments)
    put(x, *to.add_assignments());
}

lease_reply get(const v1::LeaseReply& from) {
  lease_reply to;
  for (const auto& x : from.assignments())
    to.assignments.push_back(get(x));
  return to;
}

template <class Names>
std::vector<std::string> get_names(const Names& from) {
  return {from.begin(), from.end()};
}

void put(const telling& from, v1::Telling& to) {
  to.set_number(from.number);
  to.set_channel(from.channel);
  for (const auto& channel : from.asked)
    to.add_asked(channel);
  to.set_remind_after_ms(from.remind_after.count());
  to.set_escalate_at_us(proto::micros(from.escalate_at));
  to.set_digest(from.digest);
}

telling get(const v1::Telling& from) {
  return {from.number(),
          from.channel(),
          get_names(from.asked()),
          milliseconds{from.remind_after_ms()},
          proto::time_of(from.escalate_at_us()),
          from.digest()};
}

void put(const report& from, v1::Report& to) {
  to.set_worker(from.worker);
  for (const auto& x : from.items) {
    auto* item = to.add_items();
    item->set_migration(x.migration);
    proto::put(x.result, *item->mutable_result());
    if (x.telling != telling{})
      put(x.telling, *item->mutable_telling());
  }
}

report get(const v1::Report& from) {
  report to{from.worker(), {}};
  for (const auto& x : from.items())
    to.items.push_back({x.migration(), proto::get(x.result()), get(x.telling())});
  return to;
}

void put(const report_reply& from, v1::ReportReply& to) {
  for (const auto& x : from.verdicts) {
    auto* verdict = to.add_verdicts();
    verdict->set_accepted(x.accepted);
    verdict->set_again(x.again);
    verdict->set_why(proto::text(x.why));
  }
}

report_reply get(const v1::ReportReply& from) {
  report_reply to;
  for (const auto& x : from.verdicts())
    to.verdicts.push_back({x.accepted(), x.again(), x.why()});
  return to;
}

void put(const heartbeat& from, v1::Heartbeat& to) {
  to.set_worker(from.worker);
  for (const auto& x : from.leases) {
    auto* lease = to.add_leases();
    lease->set_migration(x.migration);
    lease->set_step(x.step);
    lease->set_epoch(x.epoch);
    lease->set_progress(x.progress);
    lease->set_message(proto::text(x.message));
  }
}

heartbeat get(const v1::Heartbeat& from) {
  heartbeat to{from.worker(), {}};
  for (const auto& x : from.leases())
    to.leases.push_back({x.migration(), x.step(), x.epoch(), x.progress(), x.message()});
  return to;
}

void put(const heartbeat_reply& from, v1::HeartbeatReply& to) {
  for (auto index : from.revoked)
    to.add_revoked(index);
}

heartbeat_reply get(const v1::HeartbeatReply& from) {
  return {{from.revoked().begin(), from.revoked().end()}};
}

void put(const notice& from, v1::Notice& to) {
  to.set_migration(from.migration);
  proto::put(from.subject, *to.mutable_subject());
  to.set_kind(from.kind);
  to.set_why(proto::text(from.why));
  to.set_digest(from.digest);
  to.set_digest_size(from.digest_size);
  put_map(from.inputs, to.mutable_inputs());
  put_map(from.labels, to.mutable_labels());
  to.set_step(from.step);
  to.set_attempt(from.attempt);
  to.set_epoch(from.epoch);
  if (from.telling != telling{})
    put(from.telling, *to.mutable_telling());
  to.set_since_us(proto::micros(from.since));
  to.set_reminders(from.reminders);
  to.set_escalated(from.is_escalated);
  for (const auto& address : from.escalate_to)
    to.add_escalate_to(address);
  to.set_copy(from.is_copy);
}

notice get(const v1::Notice& from) {
  notice to;
  to.migration = from.migration();
  to.subject = proto::get(from.subject());
  to.kind = from.kind();
  to.why = from.why();
  to.digest = from.digest();
  to.digest_size = from.digest_size();
  to.inputs = get_map(from.inputs());
  to.labels = get_map(from.labels());
  to.step = from.step();
  to.attempt = from.attempt();
  to.epoch = from.epoch();
  to.telling = get(from.telling());
  to.since = proto::time_of(from.since_us());
  to.reminders = from.reminders();
  to.is_escalated = from.escalated();
  to.escalate_to = get_names(from.escalate_to());
  to.is_copy = from.copy();
  return to;
}

void put(const dead_letter& from, v1::DeadLetter& to) {
  to.set_subject(proto::text(from.subject));
  to.set_why(proto::text(from.why));
  to.set_payload(from.payload);
  to.set_content_type(proto::text(from.content_type));
}

void put(const agent_line& from, v1::AgentLine& to) {
  to.set_migration(from.migration);
  to.set_step(from.step);
  to.set_attempt(from.attempt);
  to.set_agent(from.agent);
  to.set_worker(from.worker);
  to.set_stream(from.stream);
  to.set_text(proto::text(from.text));
  to.set_progress(from.progress);
}

agent_line get(const v1::AgentLine& from) {
  return {from.migration(), from.step(),   from.attempt(), from.agent(),
          from.worker(),    from.stream(), from.text(),    from.progress()};
}

template <class Message, class T>
std::string wire(const T& from, encoding how) {
  Message message;
  put(from, message);
  if (how == encoding::protobuf)
    return message.SerializeAsString();
  return proto::json(message);
}

template <class Message>
auto from_bytes(std::string_view bytes, encoding how) -> expected<decltype(get(Message{}))> {
  Message message;
  if (how == encoding::protobuf) {
    if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
      return fail("the payload is not Protobuf " + message.GetTypeName()
                  + "; for JSON set the header Content-Type to application/json");
    return get(message);
  }
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;
  const google::protobuf::StringPiece text{bytes.data(), bytes.size()};
  const auto status = google::protobuf::util::JsonStringToMessage(text, &message, options);
  if (!status.ok())
    return fail("the payload is not JSON for " + message.GetTypeName() + ": "
                + std::string{status.message()});
  return get(message);
}

} // namespace

std::string encode(const migrate_request& x, encoding e) { return wire<v1::MigrateRequest>(x, e); }
std::string encode(const lease_request& x, encoding e) { return wire<v1::LeaseRequest>(x, e); }
std::string encode(const lease_reply& x, encoding e) { return wire<v1::LeaseReply>(x, e); }
std::string encode(const report& x, encoding e) { return wire<v1::Report>(x, e); }
std::string encode(const report_reply& x, encoding e) { return wire<v1::ReportReply>(x, e); }
std::string encode(const heartbeat& x, encoding e) { return wire<v1::Heartbeat>(x, e); }
std::string encode(const heartbeat_reply& x, encoding e) { return wire<v1::HeartbeatReply>(x, e); }
std::string encode(const notice& x, encoding e) { return wire<v1::Notice>(x, e); }
std::string encode(const dead_letter& x, encoding e) { return wire<v1::DeadLetter>(x, e); }
std::string encode(const agent_line& x, encoding e) { return wire<v1::AgentLine>(x, e); }

template <>
expected<migrate_request> decode(std::string_view x, encoding e) {
  return from_bytes<v1::MigrateRequest>(x, e);
}
template <>
expected<lease_request> decode(std::string_view x, encoding e) {
  return from_bytes<v1::LeaseRequest>(x, e);
}
template <>
expected<lease_reply> decode(std::string_view x, encoding e) {
  return from_bytes<v1::LeaseReply>(x, e);
}
template <>
expected<report> decode(std::string_view x, encoding e) {
  return from_bytes<v1::Report>(x, e);
}
template <>
expected<report_reply> decode(std::string_view x, encoding e) {
  return from_bytes<v1::ReportReply>(x, e);
}
template <>
expected<heartbeat> decode(std::string_view x, encoding e) {
  return from_bytes<v1::Heartbeat>(x, e);
}
template <>
expected<heartbeat_reply> decode(std::string_view x, encoding e) {
  return from_bytes<v1::HeartbeatReply>(x, e);
}
template <>
expected<notice> decode(std::string_view x, encoding e) {
  return from_bytes<v1::Notice>(x, e);
}
template <>
expected<agent_line> decode(std::string_view x, encoding e) {
  return from_bytes<v1::AgentLine>(x, e);
}

} // namespace skein::bus
