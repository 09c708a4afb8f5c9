#pragma once

#include "agents/metadata.hpp"
#include "agents/outcome.hpp"
#include "cluster/http_client.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace skein::agents {

/// A part of the list of pending datasets; `next` is empty at its end.
struct dataset_page {
  std::vector<dataset> datasets;
  std::string next;
};

/// The metadata store over HTTP (docs/metadata-api.md). Blocking; every call has a deadline. A
/// store that is the daemon's own (below SKEIN_API) is shown the token in SKEIN_TOKEN and the
/// certificate in SKEIN_CERTIFICATE_FILE. A store that cannot be reached, is overloaded (429) or
/// answers 5xx is a transient trouble.
class metadata_client {
public:
  explicit metadata_client(std::string base_url,
                           std::chrono::milliseconds timeout = std::chrono::seconds{30});

  outcome<dataset_page> pending(const std::string& after, int limit) const;
  outcome<dataset> find(const std::string& id) const; ///< trouble `not_found` when it is gone
  outcome<std::string> contract(const std::string& id, const std::string& version) const;
  outcome<std::string> mapping(const std::string& id, const std::string& from,
                               const std::string& to) const;
  outcome<std::vector<consumer>> consumers(const std::string& id) const;

  /// Compare-and-set of the current version; idempotent. Trouble `conflict` says in `found` what
  /// the version is when it is neither `expected` nor `version`.
  outcome<dataset> set_version(const std::string& id, const std::string& expected,
                               const std::string& version, const std::string& by) const;

private:
  outcome<std::string> get(const std::string& path) const;
  outcome<std::string> call(const std::string& method, const std::string& path,
                            const std::string& body) const;

  std::string base_;
  /// For a store that is the daemon's own; empty for others.
  std::string token_;
  cluster::tls_files tls_;
  std::chrono::milliseconds timeout_;
};

/// Percent-encoding of one path segment or query value (RFC 3986, section 2.3).
std::string percent_encoded(std::string_view text);

} // namespace skein::agents
