#pragma once

#include "cluster/reply_table.hpp"

namespace skein::cluster {

/// Two connections seen as one: down when either is, closed when both are (internal to cluster/).
class link_states {
public:
  explicit link_states(nats_link::state_sink sink) : sink_{std::move(sink)} {}
  void on_state(bus_state state, std::string_view text);

private:
  nats_link::state_sink sink_;
  std::mutex mutex_;
  int down_ = 0;
  int closed_ = 0;
};

struct bus::impl {
  explicit impl(nats_link::state_sink sink) : states{std::move(sink)} {}
  ~impl();

  expected<void> open(const bus_options& options, bool send_at_once);

  link_states states;
  // Made before the links, whose events they serve.
  reply_table bulk_replies, fast_replies;
  std::shared_ptr<nats_link> bulk, fast;
};

} // namespace skein::cluster
