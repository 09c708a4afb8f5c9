#pragma once

#include "events/bus.hpp"
#include "events/failure.hpp"
#include "tests/simulation/environment.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

namespace skein::simulation {

/// Requests and replies on the core bus: each message can be lost, duplicated, or delayed, and so
/// overtake another; a partitioned peer neither reaches anybody nor is reached. Who gets no answer
/// hears so after its patience.
class wire {
public:
  explicit wire(environment& world) : world_{world} {}

  /// Sends `what` from `peer` to `serve`, which answers through the function it is given, and hands
  /// the first answer, or the lack of one, to `done`: once.
  template <class Reply, class Call>
  void call(const std::string& peer, const Call& what, std::chrono::milliseconds patience,
            std::function<void(Call, std::function<void(const Reply&)>)> serve,
            std::function<void(expected<Reply>)> done) {
    auto answer = std::make_shared<std::function<void(expected<Reply>)>>(std::move(done));
    const auto settle = [answer](expected<Reply> how) {
      if (const auto first = std::exchange(*answer, nullptr))
        first(std::move(how));
    };
    world_.after(patience, [settle] { settle(fail("no answer in time")); });
    carry(peer, [this, peer, serve, settle, bytes = encode(what)] {
      serve(*bus::decode<Call>(bytes), [this, peer, settle](const Reply& reply) {
        carry(peer, [settle, said = encode(reply)] { settle(bus::decode<Reply>(said)); });
      });
    });
  }

  /// Cuts a peer off until then.
  void partition(const std::string& peer, migration::timestamp until) { cut_off_[peer] = until; }

private:
  bool is_cut_off(const std::string& peer) const;

  /// Brings one message to where it goes: not at all, once, or twice, and after a while.
  void carry(const std::string& peer, std::function<void()> arrive);

  environment& world_;
  std::map<std::string, migration::timestamp> cut_off_;
};

} // namespace skein::simulation
