#pragma once

#include "cluster/bus.hpp"
#include "tools/run_file.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace skein::bench {

/// A program of build/bin as a process of its own, ended (SIGTERM) and waited for with the object;
/// or killed with the thread that made it, as when the benchmark itself is stopped.
class process {
public:
  process(const std::string& program, const std::vector<std::string>& arguments);
  process(const process&) = delete;
  process& operator=(const process&) = delete;
  ~process();

  int id() const { return id_; }

private:
  int id_ = -1;
};

/// A workspace whose migrations have four steps, one after the other, and whose agents are those of
/// `idle_fleet`.
void write_workspace(const std::filesystem::path& folder, uint32_t slots);

/// A request to migrate dataset `number`, as a scanner publishes it.
cluster::durable_message request_of(uint64_t number, const std::string& scan);

/// Publishes all, a few hundred at a time.
void publish(cluster::bus& bus, const std::vector<cluster::durable_message>& all);

/// The real `skeind`, in the role of the coordinator, with an embedded NATS server.
class whole_daemon {
public:
  /// Returns once it is ready.
  explicit whole_daemon(const std::filesystem::path& workspace);

  const tools::run_file& address() const { return address_; }

  /// Migrations in that phase, as `skein status` shows them.
  uint64_t count(const std::string& phase) const;

  /// Processor time of the daemon so far, and with `bus` of its NATS server.
  std::chrono::duration<double> processor_time() const;
  std::chrono::duration<double> processor_time_of_bus() const;

  uint64_t resident_bytes() const;

private:
  process process_;
  tools::run_file address_;
  int bus_id_ = 0;
};

/// Processor time that a process has used so far, in its own code and in the kernel.
std::chrono::duration<double> processor_time(int process_id);

} // namespace skein::bench
