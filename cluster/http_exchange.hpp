#pragma once

#include "cluster/http_server.hpp"

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <ctime>
#include <optional>

/// What a session needs to know of requests and answers, whatever they travel on (internal to
/// cluster/).
namespace skein::cluster {

/// Nothing if the target's percent-encoding is broken.
std::optional<http_request>
to_request(boost::beast::http::request<boost::beast::http::string_body> raw, std::string remote);

/// What to tell a client whose request could not be read.
http_response describe(boost::beast::error_code error, std::uint64_t max_body_bytes);

/// Whether the client is to be told at all, rather than gone.
bool is_clients_mistake(boost::beast::error_code error);

http_response no_answer();

/// The time as the header `Date` has it (RFC 9110, section 5.6.7).
std::string http_date(std::time_t);

} // namespace skein::cluster
