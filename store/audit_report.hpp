#pragma once

#include "store/sha256.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace skein::store {

/// What does not hold.
enum class audit_fault {
  altered_event,    ///< is not the one that its leaf was made of
  unreadable_event, ///< cannot be read, or is not there
  missing_events,   ///< the log ends before the tree or a head does
  damaged_tree,     ///< the stored tree cannot be read, or is not that of the events
  missing_head,
  bad_head,      ///< not a head, of another log, or not signed by a trusted key
  stray_head,    ///< not after the head before it: put in again, or the log was cut in between
  broken_promise ///< the log does not start with what the head was signed for
};

/// `altered-event` and so on, for programs: a name once given keeps its meaning.
std::string_view name_of(audit_fault) noexcept;

struct audit_problem {
  audit_fault fault;
  uint64_t first; ///< the sequences it is about; 0: none
  uint64_t last;
  std::string what; ///< a sentence
};

/// A head whose signature is good, and where it is from.
struct head_claim {
  uint64_t size;
  digest root;
  std::string time;
  std::string source;
};

struct audit_report {
  /// Problems of one kind beyond that are counted, not kept.
  static constexpr uint64_t kept_max = 1000;

  std::string log_id;
  uint64_t events = 0;        ///< read and hashed
  uint64_t last_sequence = 0; ///< of the log
  uint64_t leaves = 0;        ///< compared with the stored ones
  uint64_t heads = 0;         ///< whose signatures are good
  uint64_t heads_borne_out = 0;
  uint64_t signed_events = 0; ///< covered by a head that the log bears out
  std::map<audit_fault, uint64_t> counts;
  std::vector<audit_problem> problems;

  bool is_clean() const { return counts.empty(); }
  uint64_t problem_count() const;
  void add(audit_fault, std::string what, uint64_t first = 0, uint64_t last = 0);
};

} // namespace skein::store
