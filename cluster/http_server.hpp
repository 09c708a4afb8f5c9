#pragma once

#include "cluster/http.hpp"
#include "events/failure.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace skein::cluster {

/// PEM files of a server that speaks TLS (1.2 or newer).
struct http_tls {
  std::filesystem::path certificate; ///< with the chain behind it
  std::filesystem::path key;
  std::filesystem::path client_ca; ///< set: a client must show a certificate of these authorities
};

/// Whether such a server lets in a client that shows this certificate: empty when it does, a
/// sentence when only the time is wrong (a certificate has expired, or is not valid yet), so that
/// a new file heals it. Fails, with the reason, for everything else.
expected<std::string> check_client(const http_tls& server, const std::filesystem::path& certificate,
                                   const std::filesystem::path& key);

struct http_server_options {
  std::string address = "127.0.0.1"; ///< an IP address
  std::uint16_t port = 0;            ///< 0: any free one
  std::optional<http_tls> tls = {};
  std::size_t max_connections = 4096; ///< beyond them a connection is closed at once
  std::uint64_t max_body_bytes = 16 << 20;
};

/// An HTTP/1.1 server (Boost.Beast) on one thread of its own, with keep-alive.
///
/// The handler is called on that thread, for one request of each connection at a time, and must not
/// block. It answers through `reply`, now or later and from any thread; the first answer counts. If
/// it throws, or drops `reply` without an answer, the client gets a 500. Larger bodies than allowed
/// get 413, headers beyond 16 KiB 431, what is no HTTP or has a broken target 400; all as
/// application/problem+json (RFC 9457). A client may take 30 seconds to send a request or to read
/// an answer, and leave a connection idle for 60.
class http_server {
public:
  using reply_function = std::function<void(http_response)>;
  using handler = std::function<void(const http_request&, reply_function reply)>;

  static constexpr std::uint32_t max_header_bytes = 16 << 10;

  static expected<std::unique_ptr<http_server>> listen(const http_server_options&, handler handle);

  /// Closes all connections; no handler runs afterwards. Replies given later go nowhere.
  ~http_server();

  std::uint16_t port() const;

private:
  struct impl;
  explicit http_server(std::unique_ptr<impl> owned);
  std::unique_ptr<impl> impl_;
};

} // namespace skein::cluster
