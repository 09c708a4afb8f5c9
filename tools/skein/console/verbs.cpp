#include "tools/skein/console/verbs.hpp"

#include "tools/skein/source.hpp"

#include <algorithm>
#include <iterator>

namespace skein::console::screen {

namespace {

constexpr verb table[]{
    {"retry", "retry", 'r', true, "Retry",
     "tries again what it is held, parked or quarantined for"},
    {"approve", "approve", 'a', true, "Approve", "agrees with what it is held for"},
    {"pause", "pause", 'p', true, "Pause", "starts nothing new of it; what runs goes on"},
    {"resume", "resume", 'P', true, "Resume", "lets a paused one go on"},
    {"hold", "hold", 0, true, "Hold",
     "starts nothing new of it before somebody approves or rejects"},
    {"reject", "reject", 0, true, "Reject", "says no to what it is held for"},
    {"from", "retry", 0, true, "Do again",
     "that step again, done or not, and all that depends on it", takes::step},
    {"skip", "skip", 0, true, "Skip a step of", "goes on without that step", takes::step},
    {"override", "override-input", 0, true, "Give more to",
     "gives that step more than its input, from its next attempt on; null takes it back",
     takes::step_and_input},
    {"priority", "priority", 0, true, "Change the priority of",
     "has its steps start sooner (above 0) or later than others", takes::number},
    {"rollback", "rollback", 0, true, "Rollback", "puts the old version back"},
    {"cancel", "cancel", 'c', true, "Cancel", "ends it for good"},
    {"scan", "scan", 0, false, "Scan", "looks for pending datasets now"},
};

const verb* found_or_null(const verb* found) { return found == std::end(table) ? nullptr : found; }

} // namespace

verb_table verbs() { return {std::begin(table), std::end(table)}; }

const verb* verb_of_key(const std::string& key) {
  return found_or_null(std::find_if(std::begin(table), std::end(table), [&](const verb& x) {
    return x.key != 0 && key.size() == 1 && key[0] == x.key;
  }));
}

const verb* verb_of_order(std::string_view order) {
  return found_or_null(std::find_if(std::begin(table), std::end(table),
                                    [&](const verb& x) { return order == x.order; }));
}

std::string path_of(const verb& what, const std::string& migration) {
  return what.of_one ? migration_path(migration, what.path) : std::string{"/v1/"} + what.path;
}

} // namespace skein::console::screen
