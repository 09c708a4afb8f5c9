#pragma once

#include "events/bus.hpp"
#include "tests/events/vocabulary.hpp"

/// One full message of each kind, with text that is easy to spoil on the way.
namespace skein::tests {

inline const std::string awkward = "räume 日本 🎵 \"quoted\" \\ line\nbreak\ttab";

inline bus::migrate_request sample_request() { return {"räume", "v1", "v2", "nightly 🎵"}; }

inline bus::lease_request sample_lease_request() { return {"host-7/2", 300, 25s}; }

inline bus::assignment sample_assignment() {
  bus::assignment x;
  x.migration = "räume@v2";
  x.subject = {subject_kind::dataset, "räume", "v1", "v2"};
  x.scan = "nightly";
  x.workflow = "dataset-migration";
  x.step = "execute";
  x.agent = "migration-agent";
  x.attempt = 3;
  x.epoch = uint64_t{1} << 60;
  x.lease_ttl = 30s;
  x.timeout = 15min;
  x.inputs = {{"discover", R"({"rows": 7})"}, {"validate", awkward}, {"empty", ""}};
  x.command = {"sh", "-c", awkward, ""};
  x.environment = {{"B", "2"}, {"A", awkward}, {"B", "again"}};
  x.cpu = 3600s;
  x.memory_bytes = uint64_t{1} << 40;
  x.image = "honk-agent:latest";
  x.labels = {{"owner", "ann"}, {"storage", "s3"}};
  return x;
}

inline bus::telling sample_telling() {
  return {7, "chat", {"chat", "email"}, 86'400'000ms, midnight + 3h, "nightly-chat"};
}

inline bus::report sample_report() {
  return {
      "host-7",
      {{"räume@v2", success_of("execute", 3, 9, {awkward, {{"a", "1"}, {"b", awkward}}, "look"})},
       {"plays@v2", setback_of("notify", 1, 2, error_class::out_of_memory)},
       {"films@v2", success_of("", 0, 0), sample_telling()}}};
}

inline bus::report_reply sample_report_reply() {
  return {{{true, false, ""}, {false, true, "busy"}, {false, false, awkward}}};
}

inline bus::heartbeat sample_heartbeat() {
  return {"host-7", {{"räume@v2", "execute", 9, 0.25, awkward}, {"plays@v2", "notify", 2, -1, ""}}};
}

inline bus::notice sample_notice() {
  bus::notice x;
  x.migration = "räume@v2";
  x.subject = {subject_kind::dataset, "räume", "v1", "v2"};
  x.kind = "parked";
  x.why = awkward;
  x.digest = "nightly/ann";
  x.digest_size = 12;
  x.inputs = {{"discover", "{}"}, {"validate", awkward}};
  x.labels = {{"owner", "ann"}, {"storage", ""}};
  x.step = "notify";
  x.attempt = 2;
  x.epoch = 11;
  x.telling = sample_telling();
  x.since = midnight;
  x.reminders = 2;
  x.is_escalated = true;
  x.escalate_to = {"lead@example.org", awkward};
  x.is_copy = true;
  return x;
}

inline bus::agent_line sample_line() {
  return {"räume@v2", "execute", 3, "migration-agent", "host-7", "stderr", awkward, 0.5};
}

} // namespace skein::tests
