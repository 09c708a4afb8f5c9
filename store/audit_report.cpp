#include "store/audit_report.hpp"

namespace skein::store {

std::string_view name_of(audit_fault x) noexcept {
  switch (x) {
    case audit_fault::altered_event: return "altered-event";
    case audit_fault::unreadable_event: return "unreadable-event";
    case audit_fault::missing_events: return "missing-events";
    case audit_fault::damaged_tree: return "damaged-tree";
    case audit_fault::missing_head: return "missing-head";
    case audit_fault::bad_head: return "bad-head";
    case audit_fault::stray_head: return "stray-head";
    case audit_fault::broken_promise: return "broken-promise";
  }
  return "unknown";
}

uint64_t audit_report::problem_count() const {
  uint64_t sum = 0;
  for (const auto& [fault, count] : counts)
    sum += count;
  return sum;
}

void audit_report::add(audit_fault fault, std::string what, uint64_t first, uint64_t last) {
  if (counts[fault]++ < kept_max)
    problems.push_back({fault, first, last, std::move(what)});
}

} // namespace skein::store
