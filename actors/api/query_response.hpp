#pragma once

#include "cluster/http.hpp"

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace skein::actors {

/// The parameters after the `?` of a request, decoded.
using query_parameters = std::map<std::string, std::string>;

/// What a request is answered with, over HTTP or within one process.
using query_response = cluster::http_response;

/// 200, or another status of success, with a JSON body.
query_response json_response(const nlohmann::json& body, int status = 200);

/// The same with an `ETag`: the version of what it shows.
query_response tagged(query_response answer, uint64_t version);

/// A problem document (RFC 9457): `detail` is the sentence for a person, `more` adds members of
/// its own. A `status` of 400 or above.
query_response problem(int status, const std::string& detail);
query_response problem(int status, const std::string& detail, const nlohmann::json& more);

} // namespace skein::actors
