#include "actors/api/phase_counts.hpp"

#include "actors/view_row.hpp"
#include "store/keys.hpp"

namespace skein::actors {

std::map<std::string_view, uint64_t> phase_counts(const store::view_reader& view) {
  std::map<std::string_view, uint64_t> counts;
  for (const auto phase : phase_names) {
    const auto found = view.get(std::string{count_key}.append(phase));
    counts[phase] = found && *found ? store::keys::whole_be64(**found).value_or(0) : 0;
  }
  return counts;
}

} // namespace skein::actors
