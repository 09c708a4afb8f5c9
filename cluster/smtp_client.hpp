#pragma once

#include "events/failure.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace skein::cluster {

struct smtp_options {
  /// "smtp://host:port", or "smtps://host:port" for TLS from the first byte.
  std::string url;
  std::string user = {}; // empty: no login
  std::string password = {};
  std::string ca_file = {}; // PEM; empty: the system's
  /// Refuse to send over a smtp:// connection that the server will not encrypt (STARTTLS). Without
  /// it, TLS is used where the server offers it.
  bool require_starttls = false;
  std::chrono::milliseconds timeout{30'000}; // for one mail
};

enum class smtp_fault {
  transient, // no connection, no answer in time, a 4xx: try again later
  permanent, // a 5xx, or a mail that is no mail: it will never go out as it is
};

struct smtp_failure {
  smtp_fault fault = smtp_fault::transient;
  std::string what;
};

/// Sends mails over one SMTP connection (libcurl), which it opens when needed and keeps. Blocking;
/// one thread at a time.
class smtp_client {
public:
  explicit smtp_client(smtp_options options);
  ~smtp_client();

  /// All recipients or none: one that the server refuses keeps the mail from all. `message` is an
  /// RFC 5322 message with CRLF line ends. After a transient failure the server may have taken the
  /// mail all the same: keep its Message-ID when you repeat it.
  tl::expected<void, smtp_failure> send(const std::string& from,
                                        const std::vector<std::string>& recipients,
                                        std::string_view message);

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

} // namespace skein::cluster
