#include "cluster/http_exchange.hpp"

#include <array>
#include <boost/beast/http/error.hpp>

namespace skein::cluster {

namespace {

namespace http = boost::beast::http;

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

std::string in_units(std::uint64_t bytes) {
  return bytes % (1 << 20) == 0 ? std::to_string(bytes >> 20) + " MiB"
                                : std::to_string(bytes) + " bytes";
}

} // namespace

std::optional<http_request> to_request(http::request<http::string_body> raw, std::string remote) {
  http_request out;
  out.remote = std::move(remote);
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

http_response describe(boost::beast::error_code error, std::uint64_t max_body_bytes) {
  if (error == http::error::body_limit)
    return http_problem(413, "Content Too Large",
                        "A body may have at most " + in_units(max_body_bytes) + ".");
  if (error == http::error::header_limit)
    return http_problem(431, "Request Header Fields Too Large",
                        "The headers may have at most 16 KiB.");
  return http_problem(400, "Bad Request", "This is not HTTP/1.1: " + error.message() + ".");
}

bool is_clients_mistake(boost::beast::error_code error) {
  return error.category() == boost::beast::error_code{http::error::bad_version}.category()
         && error != http::error::end_of_stream && error != http::error::partial_message;
}

std::string http_date(std::time_t now) {
  std::tm parts{};
  gmtime_r(&now, &parts);
  std::array<char, 64> text{};
  const auto size = std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  return {text.data(), size};
}

http_response no_answer() {
  return http_problem(500, "Internal Server Error", "The request's handler gave no answer.");
}

} // namespace skein::cluster
