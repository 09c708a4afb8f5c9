#pragma once

#include "actors/offer_queue.hpp"
#include "events/record.hpp"
#include "store/log_reader.hpp"
#include "tests/simulation/rules.hpp"

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace skein::simulation {

/// One attempt, as the log has it.
struct logged_attempt {
  std::string step;
  uint32_t number = 0;
  std::string worker;
  uint64_t version = 0; ///< of the migration, once it was started
  std::string ending;   ///< name of the event that ended it; empty while it runs
};

/// One migration, as the log has it.
struct logged_migration {
  migration::state now;
  uint64_t version = 0;
  std::vector<migration::phase> phases;            ///< after each version
  std::map<uint64_t, logged_attempt> attempts;     ///< by epoch
  std::map<std::string, uint64_t> running;         ///< by step: its epoch
  std::set<std::string> done;                      ///< steps that ended well
  std::map<std::string, migration::timestamp> due; ///< steps that wait for a retry
  std::set<std::string> told_on;    ///< channels, since there was last something to tell
  migration::timestamp remind_at;   ///< as it was last told
  std::vector<std::string> decided; ///< bytes of the records that a commit must still bring
};

/// Reads the log as it grows, record by record, and judges every one by itself. It keeps its own
/// idea of what runs and what is done, so that a fault in `evolve` cannot excuse one in `decide`.
class log_book {
public:
  using verdict = std::function<void(const rule&, std::string detail)>;

  /// `telling` are the agents whose steps the notifier carries out: limits are not about those.
  log_book(const store::log_reader& log, actors::dispatch_limits limits,
           std::set<std::string> telling, verdict broken);

  /// Takes in what is new. Costs nothing when nothing is.
  void catch_up();

  /// Reads the whole log again, byte by byte.
  void compare_all();

  /// Checks that recovery gives the same as the book, for one migration.
  void check_recovery(const std::string& id);

  uint64_t sequence() const { return records_.size(); }
  const std::vector<std::string>& records() const { return records_; }
  const std::map<std::string, logged_migration>& migrations() const { return migrations_; }
  const logged_migration* find(const std::string& id) const;

private:
  void take(const store::stored& from);
  void check_decision(const record& what, logged_migration& of);
  void fold(const record& what, logged_migration& of);
  void on_start(const record& what, const migration::attempt_started& e, logged_migration& of);
  void on_end(const record& what, const std::string& step, uint64_t epoch, logged_migration& of);
  void on_told(const record& what, const migration::owner_told& e, logged_migration& of);
  void check_told(const record& what, const logged_migration& of);
  void on_reminder(const record& what, logged_migration& of);
  void check_limits(const record& what);

  const store::log_reader& log_;
  actors::dispatch_limits limits_;
  std::set<std::string> telling_;
  verdict broken_;
  std::vector<std::string> records_;
  std::set<std::string> unfinished_; ///< whose last commit is not whole yet
  std::map<std::string, logged_migration> migrations_;
};

} // namespace skein::simulation
