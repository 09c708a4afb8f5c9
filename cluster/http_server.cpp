#include "cluster/http_server.hpp"

#include "cluster/http_session.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <set>
#include <thread>

namespace skein::cluster {

namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using boost::system::error_code;

constexpr auto accept_again_after = std::chrono::milliseconds{100};

} // namespace

struct http_server::impl {
  asio::io_context io{1};
  http_site site;
  std::unique_ptr<asio::ssl::context> tls;
  tcp::acceptor acceptor{io};
  asio::steady_timer retry{io};
  std::set<std::shared_ptr<http_session>> sessions;
  std::thread thread;

  expected<void> open();
  void accept();
  void start(tcp::socket socket);
};

expected<void> http_server::impl::open() {
  const auto& [address, port, files, connections, body] = site.options;
  if (files) {
    auto made = make_tls(*files);
    if (!made)
      return tl::unexpected{made.error()};
    tls = std::move(*made);
  }
  const auto shown = address + " port " + std::to_string(port);
  error_code error;
  const auto ip = asio::ip::make_address(address, error);
  if (error)
    return fail("cannot listen on " + address
                + ": it is not an IP address; write one, such as "
                  "127.0.0.1 or ::1");
  const tcp::endpoint endpoint{ip, port};
  acceptor.open(endpoint.protocol(), error);
  if (!error)
    acceptor.set_option(asio::socket_base::reuse_address{true}, error);
  if (!error)
    acceptor.bind(endpoint, error);
  if (!error)
    acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error)
    return fail("cannot listen on " + shown + ": " + error.message()
                + "; free the port or choose another");
  return {};
}

void http_server::impl::accept() {
  acceptor.async_accept([this](error_code error, tcp::socket socket) {
    if (error == asio::error::operation_aborted)
      return;
    if (!error) {
      start(std::move(socket));
      return accept();
    }
    // Most likely there are too many open files: a busy loop would not give any back.
    retry.expires_after(accept_again_after);
    retry.async_wait([this](error_code stopped) {
      if (!stopped)
        accept();
    });
  });
}

void http_server::impl::start(tcp::socket socket) {
  if (sessions.size() >= site.options.max_connections)
    return;
  error_code ignored;
  socket.set_option(tcp::no_delay{true}, ignored);
  const auto session = make_http_session(std::move(socket), tls.get(), site);
  sessions.insert(session);
  session->start();
}

expected<std::unique_ptr<http_server>> http_server::listen(const http_server_options& options,
                                                           handler handle) {
  auto self = std::make_unique<impl>();
  self->site = {options, std::move(handle), std::make_shared<http_gate>(self->io),
                [raw = self.get()](const auto& ended) { raw->sessions.erase(ended); }};
  if (auto opened = self->open(); !opened)
    return tl::unexpected{opened.error()};
  self->accept();
  self->thread = std::thread{[raw = self.get()] { raw->io.run(); }};
  return std::unique_ptr<http_server>{new http_server{std::move(self)}};
}

http_server::http_server(std::unique_ptr<impl> owned) : impl_{std::move(owned)} {}

http_server::~http_server() {
  impl_->site.gate->close();
  impl_->io.stop();
  impl_->thread.join();
}

std::uint16_t http_server::port() const { return impl_->acceptor.local_endpoint().port(); }

} // namespace skein::cluster
