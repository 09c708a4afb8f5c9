#pragma once

#include "actors/notice_book.hpp"
#include "cluster/bus.hpp"
#include "events/failure.hpp"

#include <functional>
#include <memory>
#include <string>

namespace skein::actors {

/// Fetches a channel's notices from the durable work queue, on one thread, which the destructor
/// ends. What cannot be read is logged and removed.
class notice_pump {
public:
  /// How long the bus waits for an answer before it delivers again.
  static constexpr std::chrono::seconds ack_wait{30};

  static expected<std::unique_ptr<notice_pump>> start(cluster::bus& link, std::string channel,
                                                      std::function<void(notice_delivery)> to);
  ~notice_pump();

private:
  struct impl;
  explicit notice_pump(std::unique_ptr<impl> owned);
  std::unique_ptr<impl> impl_;
};

} // namespace skein::actors
