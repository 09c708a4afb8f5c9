#pragma once

#include "cluster/bus.hpp"
#include "cluster/embedded_nats.hpp"
#include "tests/cluster/support.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <csignal>

namespace skein::tests {

/// A real server on a free port and a bus to it.
struct nats_fixture {
  temporary_folder folder;
  std::atomic<int> deaths{0};
  std::unique_ptr<cluster::embedded_nats> server = start_server();
  std::unique_ptr<cluster::bus> bus = connect();

  std::unique_ptr<cluster::embedded_nats> start_server(std::uint16_t port = 0) {
    auto started = cluster::embedded_nats::start(
        {.folder = folder.path() / "nats", .port = port, .on_exit = [this](std::string_view) {
           ++deaths;
         }});
    if (!started)
      FAIL(started.error().what);
    return std::move(*started);
  }

  std::unique_ptr<cluster::bus>
  connect(std::function<void(cluster::bus_state, std::string_view)> on_state = {}) {
    auto connected = cluster::bus::connect(
        {.url = server->url(), .name = "test", .on_state = std::move(on_state)});
    if (!connected)
      FAIL(connected.error().what);
    return std::move(*connected);
  }

  /// SIGKILL; the server comes back by itself.
  void kill_server() {
    const int before = deaths;
    kill(server->pid(), SIGKILL);
    if (!eventually([&] { return deaths > before; }))
      FAIL("the server survived SIGKILL");
  }

  /// Waits until both of the bus's connections work.
  void wait_for_server() {
    const bool back = eventually([&] {
      return bus->flush(std::chrono::seconds{1})
             && bus->stream_info("NONE").error().what.find("Not Found") != std::string::npos;
    });
    if (!back)
      FAIL("the server did not come back");
  }
};

/// Unpacks what must be there, or fails the test with the sentence that came instead.
template <class T>
T must(expected<T> value) {
  if (!value)
    FAIL(value.error().what);
  if constexpr (!std::is_void_v<T>)
    return std::move(*value);
}

} // namespace skein::tests
