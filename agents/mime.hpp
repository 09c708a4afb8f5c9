#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace skein::agents {

/// What a mail is made of; texts are UTF-8, addresses were checked (`is_mail_address`).
struct mime_parts {
  std::string from;
  std::string to;
  std::string subject;
  std::string message_id; ///< without the angle brackets
  int64_t unix_seconds = 0;
  std::string text;
  std::string html;
};

/// A whole message with CRLF line ends (RFC 5322), as multipart/alternative in quoted-printable
/// (RFC 2045, RFC 2046). The same parts give the same bytes.
std::string mime_message(const mime_parts&);

/// A header's text, as RFC 2047 encoded words where it is not plain ASCII. Control characters
/// become blanks, so that no text can start a header of its own.
std::string encoded_header(std::string_view text);

std::string quoted_printable(std::string_view text);

/// `Sun, 22 Nov 2026 22:17:25 +0000` (RFC 5322, section 3.3)
std::string mail_date(int64_t unix_seconds);

/// Stable for a digest and a recipient, so that a repeat can be recognised:
/// 32 hexadecimal digits, `@`, and the domain of `from`.
std::string message_id(const std::string& digest, const std::string& to, const std::string& from);

} // namespace skein::agents
