#pragma once

#include <map>
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

  /// The first header of that name in any case, or empty.
  std::string header(const std::string& name) const;
};

struct http_response {
  int status = 200;
  std::string content_type = "application/json";
  std::string body = {};
  http_headers headers = {}; // beside Content-Type and Content-Length
};

/// An answer that says what went wrong, as application/problem+json (RFC 9457).
http_response http_problem(int status, const std::string& title, const std::string& detail);

/// "%C3%A9" to its two bytes (RFC 3986); with `plus_is_blank`, as in a query, "+" to a blank. False
/// if a percent sign is not followed by two hexadecimal digits.
bool percent_decode(const std::string& text, bool plus_is_blank, std::string& out);

} // namespace skein::cluster
