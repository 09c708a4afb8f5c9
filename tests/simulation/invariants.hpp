#pragma once

#include "actors/types.hpp"
#include "cluster/streams.hpp"
#include "store/view_store.hpp"
#include "tests/simulation/log_book.hpp"

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace skein::simulation {

struct violation {
  rule what;
  std::string detail;
};

/// Compares everything that leaves the coordinator with what stands in the log at that moment:
/// nothing may be said before it is true. Keeps the first violation.
class invariants {
public:
  invariants(const store::log_reader& log, actors::dispatch_limits limits,
             std::set<std::string> telling);

  /// To be called after every step.
  void check() { book_.catch_up(); }

  /// Costs more, so it is done now and then: compares one migration's recovery with the fold.
  void check_recovery(uint64_t which);
  void check_view(const store::view_reader& view);

  // What the coordinator says, as it says it.
  void says(const bus::lease_request& to, const bus::lease_reply& reply);
  void says(const bus::report& to, const bus::report_reply& reply);
  void says(const bus::heartbeat& to, const bus::heartbeat_reply& reply);
  void says(const std::string& id, const actors::receipt& receipt);
  void says(const std::vector<bus::notice>& notices);
  void lets_go_of(const bus::migrate_request& request);

  /// What a reader of the status stream sees, message by message.
  void hears(uint64_t sequence, const cluster::durable_message& status);

  // Once faults have stopped.
  bool is_at_rest() const;
  bool is_told() const;

  /// The first migration that does not rest, or of which somebody has not been told; or nothing.
  std::string unrest() const;
  void check_end(const store::view_reader& view);

  void broken(const rule& what, std::string detail);
  const std::optional<violation>& first() const { return first_; }
  const log_book& book() const { return book_; }

private:
  const logged_attempt* attempt_of(const std::string& id, const std::string& step, uint64_t epoch);
  void check_inputs(const bus::assignment& work);

  std::optional<violation> first_;
  log_book book_;
  const store::log_reader& log_;
  std::set<std::pair<std::string, uint64_t>> granted_, accepted_; ///< migration and epoch
  uint64_t heard_ = 0;                                            ///< sequence of the last status
};

} // namespace skein::simulation
