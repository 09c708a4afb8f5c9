#pragma once

#include "actors/runner.hpp"

namespace skein::actors {

/// Runs agents as child processes on this machine, by the agent contract (design.md, section 8):
/// exit 0 is success with the last `output` line; 75 (EX_TEMPFAIL of sysexits.h) is transient;
/// ended by its time limit is a time-out; killed from outside, or out of memory by its own words,
/// is out of memory; anything else is permanent, with the tail of stderr as its reason. An `image`
/// is not used, which a line says.
class process_runner : public runner {
public:
  tl::expected<std::unique_ptr<run>, migration::setback> start(launch, run_callbacks) override;
};

} // namespace skein::actors
