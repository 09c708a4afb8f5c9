#pragma once

#include "actors/queue_gauge.hpp"
#include "actors/steering_book.hpp"
#include "actors/types.hpp"
#include "cluster/bus.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace skein::actors {

/// Fetches requests from the durable work queue and hands them to the intake: never more than
/// `in_flight_max` that are not yet in the log, so that a backlog stays where it is. What cannot
/// be read goes to the dead letters, with the reason. Fetches nothing while the fleet is halted.
/// One thread, which the destructor ends.
class intake_pump {
public:
  static expected<std::unique_ptr<intake_pump>> start(cluster::bus& bus, intake_actor to,
                                                      uint32_t in_flight_max,
                                                      std::shared_ptr<const steering_book>,
                                                      queue_gauge tell_in_flight);
  ~intake_pump();

  /// Requests that went to the dead letters since the start.
  uint64_t dead_letters() const;

private:
  struct impl;
  explicit intake_pump(std::shared_ptr<impl> owned);
  std::shared_ptr<impl> impl_;
};

} // namespace skein::actors
