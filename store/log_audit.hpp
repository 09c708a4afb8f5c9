#pragma once

#include "store/audit_report.hpp"
#include "store/audit_store.hpp"
#include "store/log_reader.hpp"

#include <map>

namespace skein::store {

/// Checks a log against all that was ever promised about it: every event against its stored leaf,
/// and every head against the root of the events it was signed for. Heads that hold against one log
/// are consistent with each other, so that needs no proof of its own. Costs one pass over the log,
/// and memory for the heads only.
class log_audit {
public:
  /// The tree may be null: then only heads are checked. Open it before the log, so that the log is
  /// not the older of the two. Signatures count if they are of these keys.
  log_audit(const log_reader&, const audit_store* tree, std::vector<verifying_key> trusted);

  /// Takes in the heads of the tree's store. Call it before the others.
  expected<void> add_kept_heads();

  /// Takes in the file that heads are appended to (heads_file.hpp). It may start later than the
  /// store, but must not leave one out in between, nor have one that the store lacks. A notary at
  /// work appends to it: look only at the `bytes` that it had before the store was opened.
  expected<void> add_heads_file(const std::filesystem::path&, uint64_t bytes = UINT64_MAX);

  /// Takes in one head from wherever it was kept. `source` names it in sentences.
  void add_head(std::string_view note, const std::string& source);

  /// What whoever gathered the above found to be wrong.
  void add_problem(audit_fault fault, std::string what) { report_.add(fault, std::move(what)); }

  /// The pass over the log; once.
  audit_report run();

private:
  struct origin {
    std::string source;
    uint64_t ordinal; ///< in the store; 0: it is not from there
  };

  void add_from_file(const std::filesystem::path&, uint64_t number, std::string_view note,
                     uint64_t& ordinal_before);
  void add_claim(std::string_view note, origin from);
  void check_order(const kept_head&, uint64_t ordinal_before, uint64_t& size_before);

  const log_reader& log_;
  const audit_store* tree_;
  std::vector<verifying_key> trusted_;
  std::vector<head_claim> claims_;
  std::map<digest, uint64_t> known_; ///< notes by hash, and their ordinals
  audit_report report_;
};

} // namespace skein::store
