#include "agents/mime.hpp"

#include "agents/files.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <vector>

namespace skein::agents {

namespace {

constexpr std::size_t line_length_max = 76;
/// An encoded word has at most 75 characters, of which `=?UTF-8?B?` and `?=` take 12; 45 bytes
/// become 60 characters of base64.
constexpr std::size_t encoded_word_bytes_max = 45;

bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char x) { return x >= ' ' && x < 0x7f; })
         && text.find("=?") == text.npos;
}

std::string base64(std::string_view bytes) {
  std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const auto size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                    reinterpret_cast<const unsigned char*>(bytes.data()),
                                    static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

/// How many bytes fit into one encoded word without cutting a character in two.
std::size_t whole_characters(std::string_view text) {
  auto size = std::min(text.size(), encoded_word_bytes_max);
  while (size > 1 && size < text.size() && (text[size] & 0xc0) == 0x80)
    --size;
  return size;
}

std::string quoted_line(std::string_view line) {
  std::string out, current;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char x = line[i];
    const bool last = i + 1 == line.size();
    const bool literal = (x > ' ' && x < 0x7f && x != '=') || (x == ' ' && !last);
    const auto piece
        = literal ? std::string(1, x) : fmt::format("={:02X}", static_cast<unsigned char>(x));
    if (current.size() + piece.size() > line_length_max - 1) {
      out += current + "=\r\n";
      current.clear();
    }
    current += piece;
  }
  return out + current;
}

std::string part(const std::string& boundary, const char* type, const std::string& body) {
  return fmt::format("--{}\r\nContent-Type: {}; charset=utf-8\r\n"
                     "Content-Transfer-Encoding: quoted-printable\r\n\r\n{}\r\n",
                     boundary, type, quoted_printable(body));
}

} // namespace

std::string encoded_header(std::string_view text) {
  std::string clean{text};
  std::replace_if(
      clean.begin(), clean.end(), [](unsigned char x) { return x < ' ' || x == 0x7f; }, ' ');
  if (is_plain(clean))
    return clean;
  std::vector<std::string> words;
  for (std::string_view rest = clean; !rest.empty();) {
    const auto size = whole_characters(rest);
    words.push_back("=?UTF-8?B?" + base64(rest.substr(0, size)) + "?=");
    rest.remove_prefix(size);
  }
  return fmt::format("{}", fmt::join(words, "\r\n "));
}

std::string quoted_printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto end = text.find('\n');
    auto line = text.substr(0, end);
    if (!line.empty() && line.back() == '\r')
      line.remove_suffix(1);
    out += quoted_line(line);
    if (end == text.npos)
      break;
    out += "\r\n";
    text.remove_prefix(end + 1);
  }
  return out;
}

std::string mail_date(int64_t unix_seconds) {
  static constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto seconds = static_cast<std::time_t>(unix_seconds);
  std::tm x{};
  ::gmtime_r(&seconds, &x);
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} +0000",
                     days[static_cast<std::size_t>(x.tm_wday)], x.tm_mday,
                     months[static_cast<std::size_t>(x.tm_mon)], x.tm_year + 1900, x.tm_hour,
                     x.tm_min, x.tm_sec);
}

std::string message_id(const std::string& digest, const std::string& to, const std::string& from) {
  const auto at = from.rfind('@');
  return sha256_of_text(digest + '\0' + to).substr(0, 32) + "@"
         + (at == from.npos ? "localhost" : from.substr(at + 1));
}

std::string mime_message(const mime_parts& x) {
  const auto boundary = "skein-" + sha256_of_text(x.message_id + x.text).substr(0, 32);
  return fmt::format("Date: {}\r\nFrom: {}\r\nTo: {}\r\nMessage-ID: <{}>\r\nSubject: {}\r\n"
                     "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
                     "Content-Type: multipart/alternative; boundary=\"{}\"\r\n\r\n",
                     mail_date(x.unix_seconds), x.from, x.to, x.message_id,
                     encoded_header(x.subject), boundary)
         + part(boundary, "text/plain", x.text) + part(boundary, "text/html", x.html)
         + fmt::format("--{}--\r\n", boundary);
}

} // namespace skein::agents
