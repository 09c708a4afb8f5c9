#pragma once

#include "cluster/http_server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <functional>
#include <mutex>
#include <optional>

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
  using end_function = std::function<void(const std::shared_ptr<http_session>&)>;

  http_session(boost::asio::ip::tcp::socket socket, const http_server::handler& handle,
               std::shared_ptr<http_gate> gate, end_function on_end);

  void read();
  /// Writes the answer to the request under way.
  void answer(http_response response);

private:
  using error_code = boost::beast::error_code;
  using request_parser = boost::beast::http::request_parser<boost::beast::http::string_body>;
  using response_message = boost::beast::http::response<boost::beast::http::string_body>;

  template <class Member>
  auto bound(Member member) {
    return boost::beast::bind_front_handler(member, shared_from_this());
  }

  void on_header(error_code error, std::size_t);
  void on_read(error_code error, std::size_t);
  void handle_request();
  void on_written(error_code error, std::size_t);
  void refuse(error_code error);
  void discard();
  void end();

  boost::beast::tcp_stream stream_;
  boost::beast::flat_buffer buffer_;
  const http_server::handler& handle_;
  std::shared_ptr<http_gate> gate_;
  end_function on_end_;
  std::optional<request_parser> parser_;
  response_message response_;
  bool keep_alive_ = false;
  bool is_head_ = false;
  bool refused_ = false;
};

} // namespace skein::cluster
