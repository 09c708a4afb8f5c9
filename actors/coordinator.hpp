#pragma once

#include "actors/ambient.hpp"
#include "actors/api/own_tokens.hpp"
#include "actors/worker_facts.hpp"
#include "cluster/bus.hpp"
#include "config/workspace.hpp"
#include "events/failure.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace skein::actors {

/// The coordinator role: the log, the migrations, their supervisors, and the HTTP interface.
///
/// One of its actors failing is the end of all of them, since the log is the only truth and a start
/// from it is the only repair: `on_failure` is called once, from any thread, with the reason.
/// Whoever started the coordinator then destroys it and starts another, or gives up.
class coordinator {
public:
  struct parts {
    const config::workspace* space = nullptr; ///< outlives the coordinator, as does the bus
    cluster::bus* bus = nullptr;
    std::string nats_url; ///< for agents
    /// The port of the last incarnation, so that agents find the new one. 0: the workspace's.
    uint16_t http_port = 0;
    std::function<void(std::string why)> on_failure;
    own_tokens own = {};        ///< as of the last incarnation
    bool start_paused = false;  ///< the fleet is halted before anything begins
    variables nats_access = {}; ///< see nats_environment()
  };

  /// Returns once every open migration is on its way again and the bus is being heard.
  static expected<std::unique_ptr<coordinator>> start(const parts& given);

  /// Stops taking in, lets what is being written be written, and closes the log.
  ~coordinator();

  uint16_t http_port() const;

  /// Base URL of the HTTP interface.
  const std::string& http_url() const;

  /// Where agents find the metadata API: the workspace's own, or the one served here.
  const std::string& metadata_url() const;

private:
  struct impl;
  explicit coordinator(std::unique_ptr<impl> owned);
  std::unique_ptr<impl> impl_;
};

} // namespace skein::actors
