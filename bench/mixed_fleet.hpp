#pragma once

#include "bench/daemon.hpp"
#include "bench/support.hpp"
#include "cluster/bus.hpp"

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <thread>

/// A fleet as an operator meets it: of ten migrations one is parked, one held, the rest done.
namespace skein::bench {

std::string mixed_id(uint64_t number);

/// Waits until so many migrations rest, as the daemon's view has it.
void wait_for_rest(const whole_daemon&, uint64_t migrations);

/// Has fifty migrations a second asked for until it goes out of scope.
class traffic {
public:
  traffic(const std::string& nats, uint64_t first);
  ~traffic();
  traffic(const traffic&) = delete;
  traffic& operator=(const traffic&) = delete;

private:
  std::unique_ptr<cluster::bus> bus_;
  std::atomic<bool> is_over_{false};
  std::thread thread_;
};

/// A coordinator with so many migrations at rest, and fifty more a second under way.
class mixed_fleet {
public:
  explicit mixed_fleet(uint64_t migrations);

  const std::filesystem::path& folder() const { return folder_.path(); }
  const whole_daemon& coordinator() const { return *coordinator_; }

private:
  work_folder folder_;
  std::optional<whole_daemon> coordinator_;
  std::optional<process> workers_;
  std::optional<traffic> under_way_;
};

} // namespace skein::bench
