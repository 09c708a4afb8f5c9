#pragma once

#include "cluster/http_server.hpp"

#include <arpa/inet.h>
#include <catch2/catch.hpp>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>
#include <unistd.h>

namespace skein::tests {

/// A raw connection, for what a client library would never send.
class raw_client {
public:
  explicit raw_client(const cluster::http_server& server) : fd_{socket(AF_INET, SOCK_STREAM, 0)} {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(server.port());
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(connect(fd_, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0);
  }
  ~raw_client() { close(fd_); }

  void send(const std::string& bytes) {
    for (std::size_t sent = 0; sent < bytes.size();) {
      const auto count = ::send(fd_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
      REQUIRE(count > 0);
      sent += static_cast<std::size_t>(count);
    }
  }

  /// Reads until `end` has come, or the server has closed the connection.
  std::string read_until(const std::string& end) {
    std::string out;
    char buffer[4096];
    while (end.empty() || out.find(end) == out.npos) {
      const auto count = recv(fd_, buffer, sizeof buffer, 0);
      if (count <= 0)
        break;
      out.append(buffer, static_cast<std::size_t>(count));
    }
    return out;
  }
  std::string read_all() { return read_until(""); }

  /// How much the system keeps for it unread; before the first byte only.
  void keep_at_most(int bytes) { setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes); }

private:
  int fd_;
};

} // namespace skein::tests
