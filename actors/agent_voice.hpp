#pragma once

#include "actors/coordinator_ports.hpp"
#include "actors/runner.hpp"

#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace skein::actors {

/// How far a run is, by its own words: written by its thread, read by heartbeats. Only the newest
/// counts, so that an agent that prints progress in a tight loop fills nobody's mailbox.
class gauge {
public:
  void set(double share, std::string_view message);
  std::pair<double, std::string> read() const; ///< share -1: nothing said yet

private:
  mutable std::mutex guard_;
  double share_ = -1;
  std::string message_;
};

/// Callbacks that publish everything a run says as lines like `who` (with `stream`, `text` and
/// `progress` filled in), and keep the gauge. `ended` is left to the caller.
run_callbacks voice_of(bus::agent_line who, say_port say, std::shared_ptr<gauge> how_far);

} // namespace skein::actors
