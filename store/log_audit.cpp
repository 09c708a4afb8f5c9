#include "store/log_audit.hpp"

#include "store/audit_walk.hpp"
#include "store/heads_file.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace skein::store {

log_audit::log_audit(const log_reader& log, const audit_store* tree,
                     std::vector<verifying_key> trusted)
    : log_{log}, tree_{tree}, trusted_{std::move(trusted)} {
  report_.log_id = log.log_id();
}

expected<void> log_audit::add_kept_heads() {
  uint64_t ordinal = 0, size = 0;
  const auto read = tree_->heads(0, [&](const kept_head& x) {
    check_order(x, ordinal, size);
    add_claim(x.note, {fmt::format("head {}", x.ordinal), x.ordinal});
    ordinal = x.ordinal;
    return true;
  });
  if (!read)
    return read;
  check_order({tree_->newest_head() + 1, ""}, ordinal, size);
  return {};
}

/// Sizes grow with each head, and no ordinal is left out.
void log_audit::check_order(const kept_head& x, uint64_t ordinal_before, uint64_t& size_before) {
  for (auto missing = ordinal_before + 1; missing < x.ordinal; ++missing)
    report_.add(audit_fault::missing_head,
                fmt::format("head {} is gone from the audit store", missing));
  const auto parsed = parse_head(x.note);
  if (!parsed)
    return; // add_claim() says so
  if (parsed->head.size <= size_before)
    report_.add(
        audit_fault::stray_head,
        fmt::format("head {} is of {} events, and the one before it of {}: an older head was "
                    "put in again, or the log was cut in between",
                    x.ordinal, parsed->head.size, size_before));
  size_before = parsed->head.size;
}

expected<void> log_audit::add_heads_file(const std::filesystem::path& path, uint64_t bytes) {
  uint64_t ordinal = 0;
  const auto take
      = [&](uint64_t number, std::string_view note) { add_from_file(path, number, note, ordinal); };
  const auto rest = each_note(path, take, bytes);
  if (!rest)
    return tl::unexpected{rest.error()};
  if (*rest > 0)
    report_.add(audit_fault::bad_head,
                fmt::format("the last {} bytes of {} are no whole head", *rest, path.string()));
  return {};
}

void log_audit::add_from_file(const std::filesystem::path& path, uint64_t number,
                              std::string_view note, uint64_t& ordinal_before) {
  const auto source = fmt::format("head {} in {}", number, path.string());
  const auto found = known_.find(sha256{}.of({note}));
  if (found == known_.end() || found->second == 0) {
    if (tree_)
      report_.add(audit_fault::missing_head, source + " is not in the audit store");
    return add_claim(note, {source, 0});
  }
  const auto ordinal = found->second;
  if (ordinal_before != 0 && ordinal <= ordinal_before)
    report_.add(audit_fault::stray_head,
                fmt::format("{} is an older one than that before it: it was put in again", source));
  for (auto missing = ordinal_before + 1; ordinal_before != 0 && missing < ordinal; ++missing)
    report_.add(audit_fault::missing_head,
                fmt::format("head {} is gone from {}", missing, path.string()));
  ordinal_before = std::max(ordinal, ordinal_before);
}

void log_audit::add_head(std::string_view note, const std::string& source) {
  add_claim(note, {source, 0});
}

void log_audit::add_claim(std::string_view note, origin from) {
  known_.emplace(sha256{}.of({note}), from.ordinal);
  const auto refuse = [&](const std::string& why) {
    report_.add(audit_fault::bad_head, fmt::format("{}: {}", from.source, why));
  };
  const auto parsed = parse_head(note);
  if (!parsed)
    return refuse(parsed.error().what);
  const auto& head = parsed->head;
  if (head.log_id != report_.log_id)
    return refuse(
        fmt::format("it is of the log {}, and this is the log {}", head.log_id, report_.log_id));
  if (const auto good = check_signature(*parsed, trusted_); !good)
    return refuse(good.error().what);
  ++report_.heads;
  claims_.push_back({head.size, head.root, head.time, std::move(from.source)});
}

audit_report log_audit::run() {
  std::ranges::stable_sort(claims_, {}, &head_claim::size);
  audit_walk{log_, tree_, claims_, report_}.run();
  return std::move(report_);
}

} // namespace skein::store
