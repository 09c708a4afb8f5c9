#pragma once

#include "events/failure.hpp"
#include "events/record.hpp"
#include "store/audit_store.hpp"
#include "store/log_reader.hpp"

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace skein::console {

struct proved_event {
  uint64_t sequence = 0;
  std::string record; ///< the log's bytes
  store::merkle::path path;
};

/// That some events of one migration are in a log, for somebody who has neither the log nor a
/// reason to trust whoever has it. docs/audit.md describes its JSON.
struct proof {
  std::string migration;
  std::string head; ///< a signed note
  std::string key;  ///< the public half of what signed it, as verifying_key::text() has it
  std::vector<proved_event> events;
};

nlohmann::ordered_json json_of(const proof&);
expected<proof> proof_in(std::string_view json);

/// What a proof proves.
struct proved {
  store::tree_head head;
  std::string key;
  std::vector<record> events;      ///< versions 1 to n, without a gap
  std::vector<uint64_t> sequences; ///< parallel
};

/// Checks all of it, with nothing but the proof. A failure says what does not hold.
expected<proved> check(const proof&);

/// Proves the events of a migration up to the newest head. `newer` is how many it has after that.
expected<proof> prove(const std::string& migration, const store::log_reader&,
                      const store::audit_store&, uint64_t& newer);

} // namespace skein::console
