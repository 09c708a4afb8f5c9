#include "tools/skein/audit.hpp"
#include "tools/skein/audited.hpp"
#include "tools/skein/given_heads.hpp"
#include "tools/skein/print.hpp"
#include "tools/skein/table.hpp"
#include "tools/skein/words.hpp"

#include "store/log_audit.hpp"

#include <CLI/App.hpp>
#include <chrono>
#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

namespace skein::console {

namespace {

namespace fs = std::filesystem;
using clock = std::chrono::steady_clock;
using nlohmann::json;

constexpr std::size_t shown_problems = 50;

struct verify_options {
  std::string state, heads_file;
  std::vector<std::string> heads, keys;
};

/// What there is to check. A daemon may be at work on it, so each is looked at before the one that
/// it follows from: the heads file, the tree, the log.
struct evidence {
  audited what;
  std::optional<uint64_t> heads_bytes;      ///< of the heads file; nothing if there is none
  std::unique_ptr<store::audit_store> tree; ///< may be missing
  std::string no_tree;                      ///< why
  std::unique_ptr<store::log_reader> log;
  std::vector<store::verifying_key> trusted;
};

outcome<evidence> gather(const session& with, const verify_options& want) {
  auto what = find_audited(with, want.state);
  if (!what)
    return tl::unexpected{what.error()};
  auto keys = keys_in(want.keys);
  if (!keys)
    return tl::unexpected{keys.error()};
  evidence all;
  all.what = std::move(*what);
  all.trusted = std::move(*keys);
  if (!want.heads_file.empty())
    all.what.heads_file = want.heads_file;
  std::error_code missing;
  if (const auto bytes = fs::file_size(all.what.heads_file, missing); !missing)
    all.heads_bytes = bytes;
  if (auto tree = open_tree_beside(all.what))
    all.tree = std::move(*tree);
  else
    all.no_tree = tree.error().what;
  auto log = open_events_beside(all.what.state);
  if (!log)
    return tl::unexpected{log.error()};
  all.log = std::move(*log);
  if (all.trusted.empty() && all.tree)
    if (auto kept = all.tree->keys())
      all.trusted = std::move(*kept);
  return all;
}

expected<void> add_heads(store::log_audit& audit, const evidence& from,
                         const verify_options& want) {
  if (from.tree)
    if (auto ok = audit.add_kept_heads(); !ok)
      return ok;
  if (from.heads_bytes || !want.heads_file.empty())
    if (auto ok = audit.add_heads_file(from.what.heads_file, from.heads_bytes.value_or(0)); !ok)
      return ok;
  for (const auto& given : want.heads) {
    const auto heads = heads_in(given);
    if (!heads)
      return tl::unexpected{heads.error()};
    for (const auto& head : *heads)
      audit.add_head(head.note, head.from);
  }
  return {};
}

json json_of(const store::audit_report& found, double seconds) {
  auto problems = json::array();
  for (const auto& x : found.problems) {
    json one{{"fault", store::name_of(x.fault)}, {"what", x.what}};
    if (x.first != 0)
      one.update({{"first", x.first}, {"last", x.last}});
    problems.push_back(std::move(one));
  }
  return {{"ok", found.is_clean()},
          {"log", found.log_id},
          {"events", found.events},
          {"last_sequence", found.last_sequence},
          {"leaves", found.leaves},
          {"heads", found.heads},
          {"heads_borne_out", found.heads_borne_out},
          {"signed_events", found.signed_events},
          {"seconds", seconds},
          {"problem_count", found.problem_count()},
          {"problems", std::move(problems)}};
}

void print_rows(const store::audit_report& found) {
  constexpr auto right = table::align::right;
  table rows{{{"FAULT"}, {"FIRST", right}, {"LAST", right}, {"WHAT"}}};
  const auto place
      = [](uint64_t sequence) { return sequence == 0 ? "" : std::to_string(sequence); };
  for (const auto& x : found.problems)
    rows.add({{std::string{store::name_of(x.fault)}}, {place(x.first)}, {place(x.last)}, {x.what}});
  print(rows.csv());
}

void print_problems(const session& with, const store::audit_report& found) {
  std::size_t shown = 0;
  for (const auto& x : found.problems) {
    if (shown++ == shown_problems)
      break;
    print_line(paint(with.out, style::bad, std::string{store::name_of(x.fault)}) + "  "
               + one_line(x.what));
  }
  if (const auto all = found.problem_count(); all > shown_problems)
    print_line(fmt::format("… and {} more; --json has up to {} of each kind",
                           count_text(all - shown_problems), store::audit_report::kept_max));
}

/// What was checked, and how far that goes.
void print_summary(const session& with, const store::audit_report& found, double seconds) {
  const auto rate = seconds > 0 ? static_cast<double>(found.events) / seconds : 0;
  print_line(fmt::format(
      "{} checked in {} ({}/s): {} compared with stored leaves, {} of {} borne out",
      counted(found.events, "event", "events"), duration_text(seconds),
      count_text(static_cast<uint64_t>(rate)), count_text(found.leaves),
      count_text(found.heads_borne_out), counted(found.heads, "signed head", "signed heads")));
  const auto beyond = found.last_sequence - std::min(found.last_sequence, found.signed_events);
  if (beyond > 0)
    print_line(fmt::format("The newest {} {} not covered by a head that holds.",
                           counted(beyond, "event", "events"), beyond == 1 ? "is" : "are"));
  if (found.is_clean())
    print_line(paint(with.out, style::good, "The log is what was written."));
}

outcome<void> verify(const session& with, const verify_options& want) {
  auto from = gather(with, want);
  if (!from)
    return tl::unexpected{from.error()};
  store::log_audit audit{*from->log, from->tree.get(), from->trusted};
  if (auto ok = add_heads(audit, *from, want); !ok)
    return give_up(exit_code::refused, ok.error().what);
  if (!from->tree)
    audit.add_problem(store::audit_fault::damaged_tree,
                      "there are no stored leaves to compare events with: " + from->no_tree);
  const auto start = clock::now();
  const auto found = audit.run();
  const auto seconds = std::chrono::duration<double>{clock::now() - start}.count();
  if (with.json) {
    print_line(json_of(found, seconds).dump());
  } else if (with.format == output_format::csv) {
    print_rows(found);
  } else {
    print_problems(with, found);
    print_summary(with, found, seconds);
  }
  if (found.is_clean())
    return {};
  return give_up(exit_code::refused, counted(found.problem_count(), "problem", "problems")
                                         + " found in " + from->what.state.string());
}

} // namespace

action add_audit_verify(CLI::App& to) {
  auto want = std::make_shared<verify_options>();
  add_state_option(to, want->state);
  to.add_option("--head", want->heads,
                "A head that somebody noted, as a file or as text: the log must only have grown "
                "since")
      ->allow_extra_args(false);
  to.add_option("--heads-file", want->heads_file,
                "The file of heads; the default is the workspace's");
  to.add_option("--key", want->keys,
                "Public key that heads must be signed with; the default is those that the audit "
                "store knows")
      ->allow_extra_args(false);
  return [want](const session& with) { return verify(with, *want); };
}

} // namespace skein::console
