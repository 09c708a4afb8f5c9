#pragma once

#include "bench/daemon.hpp"
#include "cluster/bus.hpp"
#include "store/event_log.hpp"

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>

/// A fleet as an operator meets it: of ten migrations one is parked, one held, the rest done.
namespace skein::bench {

inline constexpr uint64_t mixed_owners = 200;
inline constexpr uint64_t mixed_datasets = 2'000; ///< in the catalog

std::string mixed_id(uint64_t number);

/// One migration's records up to where it rests.
store::append mixed_story(uint64_t number);

/// Each dataset is made from the one with half its number: the first reaches all others.
void write_mixed_catalog(const std::filesystem::path& folder);

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

} // namespace skein::bench
