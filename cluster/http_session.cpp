#include "cluster/http_session.hpp"

#include <atomic>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <exception>

namespace skein::cluster {

namespace {

namespace beast = boost::beast;
namespace http = beast::http;
using namespace std::chrono_literals;

constexpr auto exchange_timeout = 30s;
constexpr auto idle_timeout = 60s;

bool read_query(const std::string& text, std::map<std::string, std::string>& out) {
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find('&', begin), text.size());
    const auto pair = text.substr(begin, end - begin);
    const auto equals = std::min(pair.find('='), pair.size());
    std::string name, value;
    if (!percent_decode(pair.substr(0, equals), true, name)
        || !percent_decode(equals < pair.size() ? pair.substr(equals + 1) : "", true, value))
      return false;
    if (!pair.empty())
      out[name] = value;
    begin = end + 1;
  }
  return true;
}

/// Nothing if the target's percent-encoding is broken.
std::optional<http_request> to_request(http::request<http::string_body> raw) {
  http_request out;
  out.method = std::string{raw.method_string()};
  const std::string target{raw.target()};
  const auto mark = std::min(target.find('?'), target.size());
  if (!percent_decode(target.substr(0, mark), false, out.path)
      || !read_query(mark < target.size() ? target.substr(mark + 1) : "", out.query))
    return std::nullopt;
  for (const auto& field : raw)
    out.headers.emplace_back(field.name_string(), field.value());
  out.body = std::move(raw.body());
  return out;
}

http_response no_answer() {
  return http_problem(500, "Internal Server Error", "The request's handler gave no answer.");
}

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

http_response describe(beast::error_code error) {
  if (error == http::error::body_limit)
    return http_problem(413, "Content Too Large", "A body may have at most 16 MiB.");
  if (error == http::error::header_limit)
    return http_problem(431, "Request Header Fields Too Large",
                        "The headers may have at most 16 KiB.");
  return http_problem(400, "Bad Request", "This is not HTTP/1.1: " + error.message() + ".");
}

bool is_clients_mistake(beast::error_code error) {
  return error.category() == beast::error_code{http::error::bad_version}.category()
         && error != http::error::end_of_stream && error != http::error::partial_message;
}

} // namespace

void http_gate::post(std::function<void()> job) {
  const std::lock_guard lock{mutex_};
  if (io_ != nullptr)
    boost::asio::post(*io_, std::move(job));
}

void http_gate::close() {
  const std::lock_guard lock{mutex_};
  io_ = nullptr;
}

http_session::http_session(boost::asio::ip::tcp::socket socket, const http_server::handler& handle,
                           std::shared_ptr<http_gate> gate, end_function on_end)
    : stream_{std::move(socket)},
      handle_{handle},
      gate_{std::move(gate)},
      on_end_{std::move(on_end)} {}

void http_session::read() {
  parser_.emplace();
  parser_->body_limit(http_server::max_body_bytes);
  parser_->header_limit(http_server::max_header_bytes);
  stream_.expires_after(idle_timeout);
  http::async_read_header(stream_, buffer_, *parser_, bound(&http_session::on_header));
}

void http_session::on_header(error_code error, std::size_t) {
  if (error)
    return refuse(error);
  stream_.expires_after(exchange_timeout);
  if (beast::iequals(parser_->get()[http::field::expect], "100-continue")) {
    static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    error_code ignored; // a client that is gone shows when its body is read
    boost::asio::write(stream_.socket(), boost::asio::buffer(go_on), ignored);
  }
  http::async_read(stream_, buffer_, *parser_, bound(&http_session::on_read));
}

void http_session::on_read(error_code error, std::size_t) {
  if (error)
    return refuse(error);
  stream_.expires_never(); // the handler may take its time
  keep_alive_ = parser_->get().keep_alive();
  is_head_ = parser_->get().method() == http::verb::head;
  handle_request();
}

void http_session::handle_request() {
  const auto pending = std::make_shared<pending_answer>(weak_from_this(), gate_);
  const auto request = to_request(parser_->release());
  if (!request)
    return pending->give(http_problem(
        400, "Bad Request", "A % in the target is not followed by two hexadecimal digits."));
  try {
    handle_(*request, [pending](http_response response) { pending->give(std::move(response)); });
  } catch (const std::exception& thrown) {
    pending->give(http_problem(500, "Internal Server Error", thrown.what()));
  } catch (...) {
    pending->give(no_answer());
  }
}

void http_session::answer(http_response response) {
  response_ = {};
  response_.version(11);
  response_.result(static_cast<unsigned>(response.status));
  for (const auto& [name, value] : response.headers)
    response_.insert(name, value);
  response_.set(http::field::content_type, response.content_type);
  response_.keep_alive(keep_alive_);
  response_.body() = std::move(response.body);
  response_.prepare_payload();
  if (is_head_)
    response_.body().clear();
  stream_.expires_after(exchange_timeout);
  http::async_write(stream_, response_, bound(&http_session::on_written));
}

void http_session::on_written(error_code error, std::size_t) {
  if (!error && refused_)
    return discard();
  if (error || !keep_alive_)
    return end();
  read();
}

void http_session::refuse(error_code error) {
  if (!is_clients_mistake(error))
    return end();
  refused_ = true;
  keep_alive_ = false;
  answer(describe(error));
}

// Closing at once, with the client still sending, would make the network drop the answer too.
void http_session::discard() {
  error_code ignored;
  stream_.socket().shutdown(boost::asio::socket_base::shutdown_send, ignored);
  buffer_.clear();
  stream_.async_read_some(buffer_.prepare(64 << 10),
                          [self = shared_from_this()](error_code error, std::size_t) {
                            error ? self->end() : self->discard();
                          });
}

void http_session::end() {
  stream_.close();
  on_end_(shared_from_this());
}

} // namespace skein::cluster
