#pragma once

#include "actors/worker_facts.hpp"
#include "events/bus.hpp"
#include "events/failure.hpp"

#include <string>
#include <vector>

/// What an agent is told about its run: JSON on stdin, and the SKEIN_* and NOMAD_META_* variables
/// that are there for every attempt (design.md, section 8).
namespace skein::actors {

variables step_identity(const bus::assignment& work);

/// Fails if an input is not JSON, naming the step it comes from.
expected<std::string> step_input(const bus::assignment& work);
expected<std::string> digest_input(const std::string& digest,
                                   const std::vector<bus::notice>& notices);
std::string scan_input(const std::string& scan);

} // namespace skein::actors
