#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace skein::cluster {

/// In the order in which they came.
using http_headers = std::vector<std::pair<std::string, std::string>>;

struct http_request {
  std::string method = {}; // "GET"
  std::string path = {};   // percent-decoded, without the query
  /// Percent-decoded; of a repeated name the last value counts.
  std::map<std::string, std::string> query = {};
  http_headers headers = {};
  std::string body = {};
  std::string remote = {}; // the client's IP address

  /// The first header of that name in any case, or empty.
  std::string header(const std::string& name) const;
};

/// The way to send an answer piece by piece. From any thread.
class http_stream {
public:
  /// Shared, since what goes to thousands of clients is kept once.
  using piece = std::shared_ptr<const std::string>;

  virtual ~http_stream() = default;

  /// Sends the pieces in order. `sent` comes once, on the server's thread: true when the system has
  /// taken them all, false when the client is gone or took none of it for 30 seconds. One write at
  /// a time.
  virtual void write(std::vector<piece> pieces, std::function<void(bool)> sent) = 0;

  /// Ends the answer, after what is being written.
  virtual void close() = 0;
};

/// An answer whose body comes piece by piece, for as long as both sides like.
struct http_streaming {
  /// The headers are out. On the server's thread; must not block.
  std::function<void(std::shared_ptr<http_stream>)> begin;
  /// The connection is gone. Once, after `begin`, on the server's thread.
  std::function<void()> end;
};

struct http_response {
  int status = 200;
  std::string content_type = "application/json";
  std::string body = {};
  http_headers headers = {}; // beside Content-Type and Content-Length
  /// Set: there is no `body`, and the connection ends with the answer.
  std::shared_ptr<const http_streaming> stream = {};
};

/// An answer that says what went wrong, as application/problem+json (RFC 9457).
http_response http_problem(int status, const std::string& title, const std::string& detail);

/// "%C3%A9" to its two bytes (RFC 3986); with `plus_is_blank`, as in a query, "+" to a blank. False
/// if a percent sign is not followed by two hexadecimal digits.
bool percent_decode(const std::string& text, bool plus_is_blank, std::string& out);

} // namespace skein::cluster
