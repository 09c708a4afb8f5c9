#pragma once

#include "actors/scanner.hpp"

/// What the scanner does with runs; internal to scanner.cpp and scanner_runs.cpp.
namespace skein::actors {

using scanner_pointer = scanner_actor::stateful_pointer<scanner_state>;

/// `scan-20261122T101500Z-1a2b`.
std::string new_scan_id(const ambient& world);

const config::agent* find_agent(const scanner_state& st, const std::string& name);

/// Starts a run, or says why it could not be started.
void begin_scan(scanner_pointer self, const scan_key& which);

/// A run is over: it is retried once, or its end is told.
void end_scan(scanner_pointer self, const scan_key& which, const run_result& result);

/// Starts the retries that are due; answers when the next one is.
moment retry_scans(scanner_pointer self, moment now);

} // namespace skein::actors
