#pragma once

#include "cluster/http_server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <functional>
#include <mutex>

namespace skein::cluster {

/// The way onto the server's thread, for replies that may come after the server's end (internal to
/// cluster/).
class http_gate {
public:
  explicit http_gate(boost::asio::io_context& io) : io_{&io} {}
  void post(std::function<void()> job);
  void close();

private:
  std::mutex mutex_;
  boost::asio::io_context* io_;
};

/// One connection of http_server (internal to cluster/). Lives on the server's thread, which owns
/// it until `on_end`.
class http_session : public std::enable_shared_from_this<http_session> {
public:
  virtual ~http_session() = default;

  virtual void start() = 0;
  /// Writes the answer to the request under way.
  virtual void answer(http_response response) = 0;
  /// As http_stream's.
  virtual void write(std::vector<http_stream::piece> pieces, std::function<void(bool)> sent) = 0;
  virtual void close() = 0;
};

/// What all sessions of a server share.
struct http_site {
  http_server_options options;
  http_server::handler handle;
  std::shared_ptr<http_gate> gate;
  std::function<void(const std::shared_ptr<http_session>&)> on_end;
};

/// With `tls`, which must outlive it, the session begins with a handshake.
std::shared_ptr<http_session> make_http_session(boost::asio::ip::tcp::socket socket,
                                                boost::asio::ssl::context* tls,
                                                const http_site& site);

/// Fails with a sentence on what is wrong with which file.
expected<std::unique_ptr<boost::asio::ssl::context>> make_tls(const http_tls&);

} // namespace skein::cluster
