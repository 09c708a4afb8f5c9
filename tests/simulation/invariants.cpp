#include "tests/simulation/invariants.hpp"

#include "actors/view_row.hpp"
#include "events/migration_id.hpp"
#include "events/status.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace skein::simulation {

invariants::invariants(const store::log_reader& log, actors::dispatch_limits limits,
                       std::set<std::string> telling)
    : book_{log, std::move(limits), std::move(telling),
            [this](const rule& what, std::string detail) { broken(what, std::move(detail)); }},
      log_{log} {}

void invariants::broken(const rule& what, std::string detail) {
  if (!first_)
    first_ = violation{what, std::move(detail)};
}

// -- what is said outside ---------------------------------------------------------------------

const logged_attempt* invariants::attempt_of(const std::string& id, const std::string& step,
                                             uint64_t epoch) {
  check();
  const auto* of = book_.find(id);
  if (!of)
    return nullptr;
  const auto found = of->attempts.find(epoch);
  return found == of->attempts.end() || found->second.step != step ? nullptr : &found->second;
}

void invariants::says(const bus::lease_request& to, const bus::lease_reply& reply) {
  for (const auto& work : reply.assignments) {
    const auto about
        = fmt::format("{} {}, epoch {}, to {}", work.migration, work.step, work.epoch, to.worker);
    const auto* logged = attempt_of(work.migration, work.step, work.epoch);
    if (!logged || logged->worker != to.worker || logged->number != work.attempt)
      broken(rules::lease_logged, about + ": not in the log");
    else if (!granted_.emplace(work.migration, work.epoch).second)
      broken(rules::lease_logged, about + ": handed out a second time");
    else
      check_inputs(work);
  }
  if (reply.assignments.size() > to.capacity)
    broken(rules::lease_logged, fmt::format("{} asked for {} leases and got {}", to.worker,
                                            to.capacity, reply.assignments.size()));
}

void invariants::check_inputs(const bus::assignment& work) {
  const auto& now = book_.find(work.migration)->now;
  for (const auto& needed : now.flow.steps[*now.find(work.step)].depends_on) {
    const auto& output = now.steps[*now.find(needed)].output;
    const auto given = work.inputs.find(needed);
    if (!output.empty() && (given == work.inputs.end() || given->second != output))
      broken(rules::lease_inputs,
             fmt::format("{} {} lacks what {} has put out", work.migration, work.step, needed));
  }
}

void invariants::says(const bus::report& to, const bus::report_reply& reply) {
  if (reply.verdicts.size() != to.items.size())
    return broken(rules::verdict_logged,
                  fmt::format("{} verdicts on {} reports", reply.verdicts.size(), to.items.size()));
  for (std::size_t i = 0; i < to.items.size(); ++i) {
    const auto& id = to.items[i].migration;
    const auto& result = to.items[i].result;
    if (!reply.verdicts[i].accepted || result.step.empty())
      continue;
    const auto about
        = fmt::format("{} {}, epoch {}, of {}", id, result.step, result.epoch, to.worker);
    const auto* logged = attempt_of(id, result.step, result.epoch);
    const auto wanted = std::holds_alternative<migration::success>(result.outcome)
                            ? "attempt_succeeded"
                            : "attempt_failed";
    if (!logged || logged->ending != wanted)
      broken(rules::verdict_logged, about + ": not in the log");
    else if (!accepted_.emplace(id, result.epoch).second)
      broken(rules::accepted_once, about);
  }
}

void invariants::says(const bus::heartbeat& to, const bus::heartbeat_reply& reply) {
  for (const auto index : reply.revoked) {
    const auto& claim = to.leases.at(index);
    const auto* logged = attempt_of(claim.migration, claim.step, claim.epoch);
    if (logged && logged->ending.empty() && logged->worker == to.worker)
      broken(rules::revoked_over, fmt::format("{} {}, epoch {}, of {}", claim.migration, claim.step,
                                              claim.epoch, to.worker));
  }
}

void invariants::says(const std::string& id, const actors::receipt& receipt) {
  check();
  const auto* of = book_.find(id);
  if (!of || receipt.version == 0 || receipt.version > of->version
      || of->phases[receipt.version - 1] != receipt.phase)
    broken(rules::receipt_logged,
           fmt::format("{}: version {}, {}", id, receipt.version, to_string(receipt.phase)));
}

void invariants::says(const std::vector<bus::notice>& notices) {
  check();
  for (const auto& each : notices) {
    const auto* of = book_.find(each.migration);
    if (each.step.empty() ? !of || of->version == 0
                          : !attempt_of(each.migration, each.step, each.epoch))
      broken(rules::notice_logged,
             fmt::format("{} {}, epoch {}", each.migration, each.step, each.epoch));
    if (each.digest_size != notices.size())
      broken(rules::notice_logged, fmt::format("{} speaks of {} notices and is one of {}",
                                               each.digest, each.digest_size, notices.size()));
  }
}

void invariants::lets_go_of(const bus::migrate_request& request) {
  check();
  const auto id = migration_id(request.dataset, request.target_version);
  if (!book_.find(id))
    broken(rules::intake_kept, id);
}

void invariants::hears(uint64_t sequence, const cluster::durable_message& status) {
  check();
  if (sequence <= heard_)
    return;
  if (sequence != heard_ + 1 || sequence > book_.sequence())
    return broken(rules::status_in_order, fmt::format("event {} comes after {}, and the log has {}",
                                                      sequence, heard_, book_.sequence()));
  heard_ = sequence;
  // As a document: the order of labels is nobody's business.
  const auto logged = status_json(sequence, *decode_record(book_.records()[sequence - 1]));
  if (nlohmann::json::parse(status.data) != nlohmann::json::parse(logged))
    broken(rules::status_in_order, fmt::format("event {} is not as the log has it", sequence));
}

// -- what is made of the log ------------------------------------------------------------------

void invariants::check_recovery(uint64_t which) {
  check();
  const auto& all = book_.migrations();
  if (!all.empty())
    book_.check_recovery(std::next(all.begin(), which % all.size())->first);
}

void invariants::check_view(const store::view_reader& view) {
  check();
  for (const auto& [id, of] : book_.migrations()) {
    const auto bytes = view.get(std::string{actors::row_key} + id);
    if (!bytes || !*bytes)
      continue;
    const auto row = actors::decode_row(**bytes);
    if (!row || !row->unreadable.empty() || row->version > of.version
        || (row->version == of.version && row->state != of.now))
      broken(rules::view_is_fold, id);
  }
}

// -- in the end -------------------------------------------------------------------------------

std::string invariants::unrest() const {
  for (const auto& [id, of] : book_.migrations())
    if (!migration::rests(of.now.phase) || !of.running.empty())
      return fmt::format("{} is {}", id, to_string(of.now.phase));
  for (const auto& [id, of] : book_.migrations())
    if (!of.now.told)
      return fmt::format("nobody was told that {} is {}", id, to_string(of.now.phase));
  for (const auto& [id, of] : book_.migrations())
    if (of.now.telling.remind_at != migration::timestamp{})
      return fmt::format("nobody was reminded that {} is {}", id, to_string(of.now.phase));
  return {};
}

bool invariants::is_at_rest() const {
  for (const auto& [id, of] : book_.migrations())
    if (!migration::rests(of.now.phase) || !of.running.empty())
      return false;
  return true;
}

bool invariants::is_told() const {
  if (heard_ != book_.sequence())
    return false;
  for (const auto& [id, of] : book_.migrations())
    if (!of.now.told || of.now.telling.remind_at != migration::timestamp{})
      return false;
  return true;
}

void invariants::check_end(const store::view_reader& view) {
  book_.compare_all();
  for (std::size_t i = 0; i < book_.migrations().size(); ++i)
    check_recovery(i);
  check_view(view);
  if (view.cursor() != log_.last_sequence())
    broken(rules::view_is_fold,
           fmt::format("it has come to {} of {}", view.cursor(), log_.last_sequence()));
}

} // namespace skein::simulation
