#include "tools/skein/console/verbs.hpp"

#include "tools/skein/source.hpp"

#include <algorithm>
#include <iterator>

namespace skein::console::screen {

namespace {

constexpr verb table[]{
    {"retry", 'r', true, "Retry", "tries again what it is held, parked or quarantined for"},
    {"approve", 'a', true, "Approve", "agrees with what it is held for"},
    {"pause", 'p', true, "Pause", "starts nothing new of it; what runs goes on"},
    {"resume", 'P', true, "Resume", "lets a paused one go on"},
    {"hold", 0, true, "Hold", "starts nothing new of it before somebody approves or rejects"},
    {"reject", 0, true, "Reject", "says no to what it is held for"},
    {"rollback", 0, true, "Rollback", "puts the old version back"},
    {"cancel", 'c', true, "Cancel", "ends it for good"},
    {"scan", 0, false, "Scan", "looks for pending datasets now"},
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
  return what.of_one ? migration_path(migration, what.order) : std::string{"/v1/"} + what.order;
}

} // namespace skein::console::screen
