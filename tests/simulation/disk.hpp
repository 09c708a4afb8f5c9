#pragma once

#include "store/memory_log.hpp"
#include "store/memory_view.hpp"
#include "tests/simulation/environment.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace skein::simulation {

/// What is left when the coordinator's machine loses its power: committed records always, and of
/// what is not synced (snapshots, cursors, the view) something that was once written.
class disk {
public:
  explicit disk(environment& world) : world_{world} {}

  /// What is on it, for whoever only looks.
  std::shared_ptr<const store::log_reader> reader();
  store::view_store& view() { return *view_; }

  /// The log as one incarnation of the coordinator has it open.
  std::shared_ptr<store::event_log> open();

  /// The incarnation is gone: nothing it may still try reaches the disk.
  void lose_power();

  /// Keeps a snapshot that an earlier, longer life might have written.
  void plant_snapshot(const std::string& stream, store::snapshot what);

private:
  friend class open_log;

  environment& world_;
  std::shared_ptr<store::memory_log> records_ = std::make_shared<store::memory_log>();
  std::unique_ptr<store::memory_view> view_ = std::make_unique<store::memory_view>();
  std::map<std::string, std::vector<store::snapshot>, std::less<>> snapshots_; // oldest first
  std::map<std::string, std::vector<uint64_t>, std::less<>> cursors_;
  std::shared_ptr<bool> is_powered_;
};

} // namespace skein::simulation
