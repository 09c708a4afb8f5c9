#pragma once

#include "actors/runner.hpp"
#include "actors/worker_facts.hpp"
#include "config/agent.hpp"
#include "events/bus.hpp"
#include "events/failure.hpp"

#include <string>
#include <vector>

/// From what an agent is asked to do to what is executed: pure functions. Names of secrets become
/// their values here and nowhere else, so a launch must never be logged.
namespace skein::actors {

/// What is to be run, with nothing expanded yet.
struct launch_order {
  std::string agent;
  std::vector<std::string> command;
  variables environment; ///< in this order; of one name the last wins
  variables identity;    ///< what the run is about: always there, and never expanded
  std::string input;
  run_limits limits;
  std::string image;
  std::filesystem::path work_dir;
};

/// The environment of a run is, later ones winning: PATH (our own programs first), HOME, LANG, TZ
/// and TMPDIR of the worker; the order's `environment`; its `identity` with SKEIN_WORK_DIR and
/// SKEIN_MEMORY_LIMIT. `${NAME}` (see expansion.hpp) in a value or an argument means, whichever has
/// it first: the identity, what stands before in the environment, the worker's own environment.
expected<launch> plan(const launch_order& order, const worker_facts& facts);

/// The order for one attempt at a step.
expected<launch> plan(const bus::assignment& work, const worker_facts& facts);

/// The order for one digest of notices, all sent in one run of a channel's agent. `agent` and
/// `defaults` are this process's own.
expected<launch> plan_digest(const std::string& digest, const std::vector<bus::notice>& notices,
                             const config::agent& agent, const variables& defaults,
                             const worker_facts& facts);

/// The order for a run of an agent outside any migration: a scan.
expected<launch> plan_scan(const std::string& scan, const config::agent& agent,
                           const variables& defaults, const worker_facts& facts);

/// The scratch folder of one attempt, under `root`; names of any bytes and length are safe.
std::filesystem::path work_dir(const std::filesystem::path& root, const std::string& migration,
                               const std::string& step, uint64_t epoch);

} // namespace skein::actors
