#include "actors/api/newest_changes.hpp"

#include "events/record_place.hpp"
#include "events/steering.hpp"

#include <algorithm>
#include <unordered_set>
#include <vector>

namespace skein::actors {

namespace {

/// How many events are read at once: the log is read forwards, and visited backwards.
constexpr uint64_t block = 1'000;

struct change {
  std::string id; ///< empty: the record does not say
  uint64_t sequence;
};

expected<std::vector<change>> read_block(const store::log_reader& log, uint64_t from,
                                         uint64_t before) {
  std::vector<change> changes;
  const auto read = log.read(from, before - from, [&](const store::stored& what) {
    auto place = place_of(what.bytes);
    changes.push_back({place ? std::move(place->migration) : std::string{}, what.sequence});
    return true;
  });
  if (!read)
    return tl::unexpected{read.error()};
  return changes;
}

} // namespace

expected<walk_end> walk_changes(const store::log_reader& log, uint64_t before, uint64_t most,
                                const change_visitor& visit) {
  std::unordered_set<std::string> seen{std::string{steering::stream}};
  const auto first = std::max<uint64_t>(before - std::min(before, most), 1);
  while (before > first) {
    const auto from = std::max(before - std::min(before, block), first);
    auto changes = read_block(log, from, before);
    if (!changes)
      return tl::unexpected{changes.error()};
    for (auto each = changes->rbegin(); each != changes->rend(); ++each) {
      if (each->id.empty())
        return walk_end::gave_up;
      const auto [id, is_new] = seen.insert(std::move(each->id));
      if (is_new && !visit(*id, each->sequence))
        return walk_end::ended;
    }
    before = from;
  }
  return first == 1 ? walk_end::beginning : walk_end::gave_up;
}

} // namespace skein::actors
