#pragma once

#include "cluster/http.hpp"
#include "events/failure.hpp"

#include <cstdint>
#include <functional>
#include <memory>

namespace skein::cluster {

/// An HTTP/1.1 server (Boost.Beast) on one thread of its own, with keep-alive.
///
/// The handler is called on that thread, for one request of each connection at a time, and must not
/// block. It answers through `reply`, now or later and from any thread; the first answer counts. If
/// it throws, or drops `reply` without an answer, the client gets a 500. Bodies beyond 16 MiB get
/// 413, headers beyond 16 KiB 431, what is no HTTP or has a broken target 400; all as
/// application/problem+json (RFC 9457). A client may take 30 seconds to send a request or to read
/// an answer, and leave a connection idle for 60; at most 1000 connections are held.
class http_server {
public:
  using reply_function = std::function<void(http_response)>;
  using handler = std::function<void(const http_request&, reply_function reply)>;

  static constexpr std::uint64_t max_body_bytes = 16 << 20;
  static constexpr std::uint32_t max_header_bytes = 16 << 10;
  static constexpr std::size_t max_connections = 1000;

  /// `address` is an IP address; port 0 takes any free one.
  static expected<std::unique_ptr<http_server>> listen(const std::string& address,
                                                       std::uint16_t port, handler handle);

  /// Closes all connections; no handler runs afterwards. Replies given later go nowhere.
  ~http_server();

  std::uint16_t port() const;

private:
  struct impl;
  explicit http_server(std::unique_ptr<impl> owned);
  std::unique_ptr<impl> impl_;
};

} // namespace skein::cluster
