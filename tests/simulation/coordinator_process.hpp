#pragma once

#include "actors/ambient.hpp"
#include "actors/root.hpp"
#include "actors/shard.hpp"
#include "actors/types.hpp"
#include "tests/simulation/disk.hpp"
#include "tests/simulation/durable_stream.hpp"
#include "tests/simulation/invariants.hpp"

#include <caf/actor_system.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace skein::simulation {

/// The agents of every simulated workflow, and the one whose steps the notifier carries out.
inline constexpr auto telling_agent = "email-sender";
inline constexpr auto channel = "email";
inline constexpr auto other_channel = "chat";

/// What a coordinator reads and writes on the bus that outlives it.
struct streams {
  durable_stream& actions;
  durable_stream& notices;
  durable_stream& status;
};

/// One life of a coordinator: the real actors, wired as actors/coordinator.cpp wires them, on a
/// simulated disk and bus. Destroying it is pulling the plug: its actors handle no message more,
/// and nothing they said and nobody heard yet is heard.
class coordinator_process {
public:
  struct parts {
    caf::actor_system* system = nullptr;
    environment* world = nullptr;
    simulation::disk* disk = nullptr;
    simulation::streams* streams = nullptr;
    invariants* checks = nullptr;
  };

  explicit coordinator_process(const parts& given);
  ~coordinator_process();

  /// Why one of its actors ended, if one did: then all there is left to do is start another.
  const std::string& failure() const { return *failure_; }

  // From the bus. Answers come while this lives, each at most once.
  void hear(const bus::lease_request& call, std::function<void(const bus::lease_reply&)> reply);
  void hear(const bus::report& call, std::function<void(const bus::report_reply&)> reply);
  void hear(const bus::heartbeat& call, std::function<void(const bus::heartbeat_reply&)> reply);

  /// Takes in requests, no more at a time than there is room for.
  void fetch_actions();

  /// An operator's order.
  void order(const std::string& id, migration::order what, std::string actor);

private:
  template <class Handle>
  Handle watch(const char* name, Handle hdl);

  void spawn();
  actors::pool_actor spawn_pool();
  actors::digest_actor spawn_digest();
  void take_up_work();
  void hand_over(const durable_stream::entry& one);
  std::function<cluster::batch_result(std::span<const cluster::durable_message>)>
  publisher(durable_stream& to);

  /// What `reply` is told is checked against the log, and heard only while this lives.
  template <class Call, class Reply>
  auto witnessed(const Call& call, std::function<void(const Reply&)> reply);

  parts given_;
  std::shared_ptr<store::event_log> log_;
  std::shared_ptr<bool> lives_ = std::make_shared<bool>(true);
  std::shared_ptr<std::string> failure_ = std::make_shared<std::string>();
  actors::ambient world_;
  std::shared_ptr<actors::shard_ring> shards_ = std::make_shared<actors::shard_ring>();
  actors::journal_actor journal_;
  actors::pool_actor pool_;
  actors::intake_actor intake_;
  std::vector<actors::watched_actor> watched_;
  std::vector<caf::actor> all_;
  std::size_t room_ = 8; ///< for requests that are not in the log yet
};

} // namespace skein::simulation
