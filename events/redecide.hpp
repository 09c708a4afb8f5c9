#pragma once

#include "events/migration.hpp"
#include "events/record.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Decision replay: each command that stands in a migration's log is put to today's `decide` once
/// more, on the state that the events before it lead to. What comes out must be what was recorded,
/// or a change of the core has changed what the past would have been.
namespace skein {

/// Where a migration's log is not what today's code makes of it.
struct divergence {
  std::string migration;
  uint64_t version = 0;  ///< of the first event that is meant
  uint64_t sequence = 0; ///< of the same event
  /// Not empty: a sentence on what is wrong with the records themselves, whatever `decide` says.
  std::string fault;
  std::string command; ///< its name; empty if no command can be told
  std::vector<migration::event> recorded;
  migration::decision today; ///< empty when there is a `fault`
};

/// Goes through one migration's records in order. Pure: reads nothing but what it is given, and
/// keeps one state and one decision, however long the history.
class redecider {
public:
  explicit redecider(std::string migration) : migration_{std::move(migration)} {}

  /// The next record, as the log keeps it. Behind one that cannot be read, or is not the next,
  /// nothing can be decided again: it is a fault, and those after it are passed over.
  void take(uint64_t sequence, std::string_view bytes);

  /// To be called behind the last record: what was found, in the order of the log.
  std::vector<divergence> finish();

  /// How many commands were decided anew.
  uint64_t decisions() const { return decisions_; }

private:
  void take(uint64_t sequence, const record& next, std::string_view bytes);
  void begin_decision(uint64_t sequence, const record& next);
  void end_decision();
  void lose(uint64_t sequence, uint64_t version, std::string fault);
  void blame(uint64_t sequence, uint64_t version, std::string fault);

  /// A command's records as far as they have come, and what today's code answers to it.
  struct open_decision {
    uint64_t sequence;
    std::vector<record> recorded;
    std::vector<std::string> stored; ///< the bytes of `recorded`
    migration::decision today;
  };

  std::string migration_;
  migration::state now_;
  uint64_t version_ = 0;
  uint64_t decisions_ = 0;
  std::optional<open_decision> open_;
  bool lost_ = false; ///< the state is no longer known
  std::vector<divergence> found_;
};

} // namespace skein
