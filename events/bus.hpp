#pragma once

#include "events/failure.hpp"
#include "events/migration.hpp"
#include "events/record.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What crosses NATS, as structs; events/bus.proto says what each field means.
namespace skein::bus {

using outputs = std::map<std::string, std::string>; ///< step name to the output's JSON text

struct migrate_request {
  std::string dataset, current_version, target_version, scan;

  bool operator==(const migrate_request&) const = default;
};

struct lease_request {
  std::string worker;
  uint32_t capacity = 0;
  std::chrono::milliseconds wait{0};

  bool operator==(const lease_request&) const = default;
};

struct assignment {
  std::string migration;
  migration::subject subject;
  std::string scan, workflow, step, agent;
  uint32_t attempt = 0;
  uint64_t epoch = 0;
  std::chrono::milliseconds lease_ttl{0}, timeout{0};
  outputs inputs;
  std::vector<std::string> command;
  std::vector<std::pair<std::string, std::string>> environment;
  std::chrono::seconds cpu{0};
  uint64_t memory_bytes = 0;
  std::string image;
  migration::labels labels;
  std::string input; ///< an operator's, besides; a JSON object, or empty

  bool operator==(const assignment&) const = default;
};

struct lease_reply {
  std::vector<assignment> assignments;
};

struct telling {
  uint64_t number = 0; ///< migration::telling::number; 0: none
  std::string channel;
  std::vector<std::string> asked;
  std::chrono::milliseconds remind_after{0};
  migration::timestamp escalate_at{};
  std::string digest;

  bool operator==(const telling&) const = default;
};

struct report {
  struct item {
    std::string migration;
    migration::finish_attempt result;
    bus::telling telling = {}; ///< without a step
  };
  std::string worker;
  std::vector<item> items;
};

struct report_reply {
  struct verdict {
    bool accepted = false;
    bool again = false; ///< could not be decided now: report again
    std::string why;
  };
  std::vector<verdict> verdicts; ///< parallel to the report's items
};

struct heartbeat {
  struct lease {
    std::string migration, step;
    uint64_t epoch = 0;
    double progress = -1;
    std::string message;
  };
  std::string worker;
  std::vector<lease> leases;
};

struct heartbeat_reply {
  std::vector<uint32_t> revoked; ///< indexes into the heartbeat's leases
};

struct notice {
  std::string migration;
  migration::subject subject;
  std::string kind, why, digest;
  uint32_t digest_size = 0;
  outputs inputs;
  migration::labels labels;
  std::string step; ///< empty: not an attempt, only to be told
  uint32_t attempt = 0;
  uint64_t epoch = 0;
  bus::telling telling;
  migration::timestamp since{};
  uint32_t reminders = 0;
  bool is_escalated = false;
  std::vector<std::string> escalate_to;
  bool is_copy = false;
};

struct dead_letter {
  std::string subject, why, payload, content_type;
};

struct agent_line {
  std::string migration, step;
  uint32_t attempt = 0;
  std::string agent, worker, stream, text;
  double progress = -1;
};

enum class encoding : uint8_t { protobuf, json };

inline constexpr std::string_view json_content_type = "application/json";
inline constexpr std::string_view protobuf_content_type = "application/x-protobuf";

std::string_view content_type(encoding) noexcept;

/// By a Content-Type header; absent means Protobuf. Parameters (`; charset=utf-8`) are ignored.
expected<encoding> encoding_of(std::string_view content_type);

std::string encode(const migrate_request&, encoding = encoding::protobuf);
std::string encode(const lease_request&, encoding = encoding::protobuf);
std::string encode(const lease_reply&, encoding = encoding::protobuf);
std::string encode(const report&, encoding = encoding::protobuf);
std::string encode(const report_reply&, encoding = encoding::protobuf);
std::string encode(const heartbeat&, encoding = encoding::protobuf);
std::string encode(const heartbeat_reply&, encoding = encoding::protobuf);
std::string encode(const notice&, encoding = encoding::protobuf);
std::string encode(const dead_letter&, encoding = encoding::protobuf);
std::string encode(const agent_line&, encoding = encoding::protobuf);

/// Fails with what is wrong with the bytes; JSON may have unknown fields, which are ignored.
template <class T>
expected<T> decode(std::string_view bytes, encoding = encoding::protobuf);

template <>
expected<migrate_request> decode(std::string_view, encoding);
template <>
expected<lease_request> decode(std::string_view, encoding);
template <>
expected<lease_reply> decode(std::string_view, encoding);
template <>
expected<report> decode(std::string_view, encoding);
template <>
expected<report_reply> decode(std::string_view, encoding);
template <>
expected<heartbeat> decode(std::string_view, encoding);
template <>
expected<heartbeat_reply> decode(std::string_view, encoding);
template <>
expected<notice> decode(std::string_view, encoding);
template <>
expected<agent_line> decode(std::string_view, encoding);

} // namespace skein::bus
