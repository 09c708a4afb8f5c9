#pragma once

#include "actors/ambient.hpp"
#include "actors/api/http_api.hpp"
#include "actors/api/metrics.hpp"
#include "actors/api/own_tokens.hpp"
#include "actors/api/steering_api.hpp"
#include "actors/coordinator_ports.hpp"
#include "config/workspace.hpp"
#include "events/bus.hpp"
#include "store/event_log.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace skein::actors {

/// A daemon's HTTP interface with all that it is made of.
class api_service {
public:
  struct parts {
    const config::workspace* space = nullptr; ///< outlives the service, as do the next two
    const store::event_log* log = nullptr;
    const store::view_reader* view = nullptr;
    store::metadata_store* metadata = nullptr; ///< null: the site has one of its own
    std::shared_ptr<metrics> counted;          ///< what the log counts as well
    own_tokens own = {};
    ambient world = {};
    std::shared_ptr<const steering_book> steering = std::make_shared<const steering_book>();
  };

  static expected<std::unique_ptr<api_service>> open(const parts& given);
  ~api_service();

  /// What only a coordinator at work has.
  struct ports {
    std::function<void(operator_order, std::function<void(query_response)>)> order;
    std::function<void(std::function<void(std::vector<pool_line>)>)> fleet;
    std::function<expected<void>()> ready;
    say_port say;
    steer_port steer = {};
    std::function<query_response(const steering_order&)> rehearse_steering = {};
  };

  /// Fails, and says why, if it could be reached from other machines without a token.
  expected<void> listen(ports to, uint16_t port);

  /// Closes all connections. What else there is stays until the end.
  void close();

  uint16_t port() const;
  const std::string& url() const { return url_; }

  /// The view may have more events.
  void grew();

  /// An agent has said something.
  void heard(bus::agent_line);

  /// Adds what an attempt needs to tell its progress, and nobody else has.
  void equip(bus::assignment& work) const;

private:
  struct impl;
  explicit api_service(std::unique_ptr<impl> owned);

  std::unique_ptr<impl> impl_;
  std::string url_;
};

/// The variables by which an agent calls this interface.
std::vector<std::pair<std::string, std::string>>
api_environment(const config::workspace& space, const std::string& url, const std::string& token);

} // namespace skein::actors
