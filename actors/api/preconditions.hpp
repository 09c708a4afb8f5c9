#pragma once

#include "actors/api/query_response.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <tl/expected.hpp>

/// `ETag`, `If-Match` and `If-None-Match` (RFC 9110, section 13).
namespace skein::actors {

/// The version that a change is meant for; nothing if it is for any (no header, or `*`). 400 for a
/// header that is no such tag.
tl::expected<std::optional<uint64_t>, query_response> version_wanted(const cluster::http_request&);

/// 412 for a change that is meant for another version of a migration than it has.
query_response has_changed(const std::string& migration, uint64_t version);

/// 304 in place of a body that the client has already.
query_response unless_known(const cluster::http_request&, query_response answer);

} // namespace skein::actors
