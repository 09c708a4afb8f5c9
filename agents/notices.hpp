#pragma once

#include "agents/outcome.hpp"

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace skein::agents {

/// Why people are told about a migration.
enum class notice_kind : uint8_t {
  completed,   ///< done: owners of consumers and of the dataset are told
  held,        ///< waits for a human's approval: the dataset's owner is told
  parked,      ///< used up its retries
  rolled_back, ///< an operator had the old version put back: the dataset's owner is told
  quarantined, ///< its history contradicts itself, or its workflow does
  test,        ///< no migration at all: somebody tries whether people can be reached
};

/// A line of "what changed", as the dependency checker wrote it.
struct told_change {
  std::string column, change, to, detail;
};

/// A consumer and the verdict on it, as the dependency checker wrote it.
struct told_consumer {
  std::string name, type, owner, owner_name, owner_email, verdict;
  std::vector<std::string> reasons;
};

/// Where the new data is, as the migration agent wrote it.
struct told_result {
  bool known = false;
  std::string location, server;
  int64_t rows = 0;
  uint64_t bytes = 0;
};

/// What there is to tell about one migration.
struct notice {
  notice_kind kind = notice_kind::completed;
  std::string migration, dataset, title, current_version, target_version, reason;
  std::string owner, owner_email;
  std::vector<told_change> changes;
  std::vector<told_consumer> consumers;
  told_result result;
  std::vector<std::string> findings; ///< what steps said that can be told in a line each
  std::string since;                 ///< when it came to rest, to the minute, in UTC
  uint32_t reminder = 0;             ///< which one this is; 0: none
  bool is_escalated = false;
  std::vector<std::string> escalate_to; ///< addresses
};

struct digest {
  std::string id; ///< stable: a repeat of the digest has the same
  std::vector<notice> notices;
  std::string http_url = {}; ///< of the HTTP interface, as people reach it; empty: not known
};

const char* to_string(notice_kind) noexcept;

/// Reads the notifier's input: a digest, or a single step's input, which counts as one completed
/// notice. What the steps said is recognised by its fields, whatever the steps are called; what is
/// missing or of another type stays empty. Fails when the migration or kind cannot be known.
outcome<digest> parse_digest(const nlohmann::json& input);

/// The digest on our standard input, as every agent with a channel is given it, with what the
/// environment says about it.
outcome<digest> read_digest();

} // namespace skein::agents
