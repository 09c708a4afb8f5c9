#include "cluster/http_session.hpp"

#include "cluster/http_exchange.hpp"

#include <atomic>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <exception>

namespace skein::cluster {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using beast::error_code;
using namespace std::chrono_literals;

constexpr auto exchange_timeout = 30s;
constexpr auto idle_timeout = 60s;
constexpr auto goodbye_timeout = 5s;
/// What the system may hold of a stream for a client that reads slowly.
constexpr int stream_send_buffer_bytes = 64 << 10;

using secure_stream = beast::ssl_stream<beast::tcp_stream>;
template <class Stream>
constexpr bool is_secure = std::is_same_v<Stream, secure_stream>;

/// What the copies of one reply function share: the first call answers, and so does the death of
/// the last copy if there was none.
class pending_answer {
public:
  pending_answer(std::weak_ptr<http_session> session, std::shared_ptr<http_gate> gate)
      : session_{std::move(session)}, gate_{std::move(gate)} {}
  pending_answer(const pending_answer&) = delete;
  ~pending_answer() { give(no_answer()); }

  void give(http_response response) {
    if (given_.exchange(true))
      return;
    gate_->post([weak = session_, response = std::move(response)]() mutable {
      if (const auto session = weak.lock())
        session->answer(std::move(response));
    });
  }

private:
  std::weak_ptr<http_session> session_;
  std::shared_ptr<http_gate> gate_;
  std::atomic<bool> given_{false};
};

/// A session as whoever streams sees it.
class session_stream final : public http_stream {
public:
  session_stream(std::weak_ptr<http_session> session, std::shared_ptr<http_gate> gate)
      : session_{std::move(session)}, gate_{std::move(gate)} {}

  void write(std::vector<piece> pieces, std::function<void(bool)> sent) override {
    gate_->post([weak = session_, pieces = std::move(pieces), sent = std::move(sent)]() mutable {
      if (const auto session = weak.lock())
        session->write(std::move(pieces), std::move(sent));
      else
        sent(false);
    });
  }

  void close() override {
    gate_->post([weak = session_] {
      if (const auto session = weak.lock())
        session->close();
    });
  }

private:
  std::weak_ptr<http_session> session_;
  std::shared_ptr<http_gate> gate_;
};

template <class Stream>
class session final : public http_session {
public:
  template <class... Args>
  explicit session(const http_site& site, Args&&... args)
      : site_{site}, stream_{std::forward<Args>(args)...} {}

  void start() override;
  void answer(http_response response) override;
  void write(std::vector<http_stream::piece> pieces, std::function<void(bool)> sent) override;
  void close() override;

private:
  using self_ptr = std::shared_ptr<session>;
  self_ptr self() { return std::static_pointer_cast<session>(shared_from_this()); }
  auto bound(void (session::*member)(error_code, std::size_t)) {
    return beast::bind_front_handler(member, self());
  }
  beast::tcp_stream& lowest() { return beast::get_lowest_layer(stream_); }

  void read();
  void on_header(error_code error, std::size_t);
  void on_read(error_code error, std::size_t);
  void handle_request();
  void fill_head(const http_response& from);
  void on_written(error_code error, std::size_t);
  void begin_stream(std::shared_ptr<const http_streaming> streaming);
  void watch_stream();
  void refuse(error_code error);
  void discard();
  void leave();
  void end();

  const http_site& site_;
  Stream stream_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  http::response<http::string_body> response_;
  std::optional<http::response_serializer<http::string_body>> head_;
  std::vector<http_stream::piece> pieces_;
  std::shared_ptr<const http_streaming> streaming_;
  std::string remote_;
  bool keep_alive_ = false;
  bool is_head_ = false;
  bool refused_ = false;
  bool writing_ = false;
  bool closing_ = false;
  bool ended_ = false;
};

template <class Stream>
void session<Stream>::start() {
  error_code ignored;
  remote_ = lowest().socket().remote_endpoint(ignored).address().to_string();
  if constexpr (is_secure<Stream>) {
    lowest().expires_after(exchange_timeout);
    stream_.async_handshake(asio::ssl::stream_base::server, [self = self()](error_code error) {
      error ? self->end() : self->read();
    });
  } else {
    read();
  }
}

template <class Stream>
void session<Stream>::read() {
  parser_.emplace();
  parser_->body_limit(site_.options.max_body_bytes);
  parser_->header_limit(http_server::max_header_bytes);
  lowest().expires_after(idle_timeout);
  http::async_read_header(stream_, buffer_, *parser_, bound(&session::on_header));
}

template <class Stream>
void session<Stream>::on_header(error_code error, std::size_t) {
  if (error)
    return refuse(error);
  lowest().expires_after(exchange_timeout);
  if (!beast::iequals(parser_->get()[http::field::expect], "100-continue"))
    return http::async_read(stream_, buffer_, *parser_, bound(&session::on_read));
  static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
  asio::async_write(stream_, asio::buffer(go_on), [self = self()](error_code failed, std::size_t) {
    if (failed)
      return self->end();
    http::async_read(self->stream_, self->buffer_, *self->parser_, self->bound(&session::on_read));
  });
}

template <class Stream>
void session<Stream>::on_read(error_code error, std::size_t) {
  if (error)
    return refuse(error);
  lowest().expires_never(); // the handler may take its time
  keep_alive_ = parser_->get().keep_alive();
  is_head_ = parser_->get().method() == http::verb::head;
  handle_request();
}

template <class Stream>
void session<Stream>::handle_request() {
  const auto pending = std::make_shared<pending_answer>(weak_from_this(), site_.gate);
  const auto request = to_request(parser_->release(), remote_);
  if (!request)
    return pending->give(http_problem(
        400, "Bad Request", "A % in the target is not followed by two hexadecimal digits."));
  try {
    site_.handle(*request,
                 [pending](http_response response) { pending->give(std::move(response)); });
  } catch (const std::exception& thrown) {
    pending->give(http_problem(500, "Internal Server Error", thrown.what()));
  } catch (...) {
    pending->give(no_answer());
  }
}

template <class Stream>
void session<Stream>::fill_head(const http_response& from) {
  response_ = {};
  response_.version(11);
  response_.result(static_cast<unsigned>(from.status));
  for (const auto& [name, value] : from.headers)
    response_.insert(name, value);
  response_.set(http::field::date, http_date(std::time(nullptr)));
  response_.set(http::field::content_type, from.content_type);
}

template <class Stream>
void session<Stream>::answer(http_response response) {
  if (ended_)
    return;
  fill_head(response);
  lowest().expires_after(exchange_timeout);
  if (response.stream && !is_head_)
    return begin_stream(std::move(response.stream));
  response_.keep_alive(keep_alive_);
  response_.body() = std::move(response.body);
  response_.prepare_payload();
  if (response_.result() == http::status::not_modified)
    response_.erase(http::field::content_length); // that of the body which is not sent
  if (is_head_)
    response_.body().clear();
  http::async_write(stream_, response_, bound(&session::on_written));
}

template <class Stream>
void session<Stream>::begin_stream(std::shared_ptr<const http_streaming> streaming) {
  keep_alive_ = false;
  response_.keep_alive(false); // the end of the connection is the end of the body
  head_.emplace(response_);
  error_code ignored;
  lowest().socket().set_option(asio::socket_base::send_buffer_size{stream_send_buffer_bytes},
                               ignored);
  http::async_write_header(
      stream_, *head_, [self = self(), streaming](error_code error, std::size_t) {
        if (error)
          return self->end();
        self->streaming_ = streaming;
        self->lowest().expires_never();
        self->watch_stream();
        self->streaming_->begin(
            std::make_shared<session_stream>(self->weak_from_this(), self->site_.gate));
      });
}

/// What a client says into a stream is ignored; that it is gone is not.
template <class Stream>
void session<Stream>::watch_stream() {
  buffer_.clear();
  stream_.async_read_some(buffer_.prepare(512), [self = self()](error_code error, std::size_t) {
    error ? self->end() : self->watch_stream();
  });
}

template <class Stream>
void session<Stream>::write(std::vector<http_stream::piece> pieces,
                            std::function<void(bool)> sent) {
  if (ended_ || closing_)
    return sent(false);
  pieces_ = std::move(pieces);
  std::vector<asio::const_buffer> buffers;
  for (const auto& piece : pieces_)
    buffers.emplace_back(piece->data(), piece->size());
  writing_ = true;
  lowest().expires_after(exchange_timeout); // of writing: the read under way has none
  asio::async_write(stream_, std::move(buffers),
                    [self = self(), sent = std::move(sent)](error_code error, std::size_t) {
                      self->writing_ = false;
                      self->pieces_.clear();
                      sent(!error);
                      if (error)
                        self->end();
                      else if (self->closing_ && !self->writing_)
                        self->leave();
                    });
}

template <class Stream>
void session<Stream>::close() {
  if (ended_ || std::exchange(closing_, true))
    return;
  if (!writing_)
    leave();
}

template <class Stream>
void session<Stream>::on_written(error_code error, std::size_t) {
  if (!error && refused_)
    return discard();
  if (error)
    return end();
  keep_alive_ ? read() : leave();
}

template <class Stream>
void session<Stream>::refuse(error_code error) {
  if (!is_clients_mistake(error))
    return end();
  refused_ = true;
  keep_alive_ = false;
  answer(describe(error, site_.options.max_body_bytes));
}

// Closing at once, with the client still sending, would make the network drop the answer too.
template <class Stream>
void session<Stream>::discard() {
  error_code ignored;
  lowest().socket().shutdown(asio::socket_base::shutdown_send, ignored);
  buffer_.clear();
  stream_.async_read_some(
      buffer_.prepare(64 << 10),
      [self = self()](error_code error, std::size_t) { error ? self->end() : self->discard(); });
}

/// Ends in good order: with TLS the other side is told, so that it can tell an end from a cut.
template <class Stream>
void session<Stream>::leave() {
  if constexpr (is_secure<Stream>) {
    lowest().expires_after(goodbye_timeout);
    stream_.async_shutdown([self = self()](error_code) { self->end(); });
  } else {
    end();
  }
}

template <class Stream>
void session<Stream>::end() {
  if (std::exchange(ended_, true))
    return;
  lowest().close();
  if (streaming_)
    std::exchange(streaming_, nullptr)->end();
  site_.on_end(shared_from_this());
}

} // namespace

void http_gate::post(std::function<void()> job) {
  const std::lock_guard lock{mutex_};
  if (io_ != nullptr)
    asio::post(*io_, std::move(job));
}

void http_gate::close() {
  const std::lock_guard lock{mutex_};
  io_ = nullptr;
}

std::shared_ptr<http_session> make_http_session(asio::ip::tcp::socket socket,
                                                asio::ssl::context* tls, const http_site& site) {
  if (tls != nullptr)
    return std::make_shared<session<secure_stream>>(site, std::move(socket), *tls);
  return std::make_shared<session<beast::tcp_stream>>(site, std::move(socket));
}

} // namespace skein::cluster
