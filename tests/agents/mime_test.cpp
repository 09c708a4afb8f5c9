#include "agents/mime.hpp"

#include <catch2/catch.hpp>
#include <sstream>

using namespace skein::agents;

namespace {

mime_parts example() {
  return {"skein@example.org", "film@example.org",   "Grüße",         "1@example.org",
          1795385845,          "Hällo\nWorld \n.\n", "<p>Hällo</p>\n"};
}

} // namespace

TEST_CASE("headers stay on their line, whatever is in them") {
  CHECK(encoded_header("plain text") == "plain text");
  CHECK(encoded_header("a\r\nBcc: x@y") == "a  Bcc: x@y");
  CHECK(encoded_header("Gr\xc3\xbc\xc3\x9f"
                       "e")
        == "=?UTF-8?B?R3LDvMOfZQ==?=");
  CHECK(encoded_header("=?UTF-8?B?AA==?=").starts_with("=?UTF-8?B?PT9V"));
}

TEST_CASE("long headers are cut between characters, into words of at most 75") {
  std::string text;
  for (int i = 0; i < 60; ++i)
    text += "\xe2\x82\xac"; // the euro sign, three bytes
  std::istringstream lines{encoded_header(text)};
  std::string line;
  int words = 0;
  while (std::getline(lines, line)) {
    if (line.back() == '\r')
      line.pop_back();
    CHECK(line.size() <= 76);
    CHECK(line.find("4oKs") != std::string::npos);
    ++words;
  }
  CHECK(words == 4);
}

TEST_CASE("bodies are quoted-printable") {
  CHECK(quoted_printable("a=b\nc \n") == "a=3Db\r\nc=20\r\n");
  CHECK(quoted_printable("\xc3\xa4") == "=C3=A4");
  CHECK(quoted_printable("a\r\nb") == "a\r\nb");
  const auto wrapped = quoted_printable(std::string(200, 'x'));
  CHECK(wrapped.find("=\r\n") == 75);
  std::istringstream lines{quoted_printable(std::string(100, '\xc3'))};
  for (std::string line; std::getline(lines, line);)
    CHECK(line.size() <= 77);
}

TEST_CASE("dates are those of RFC 5322") {
  CHECK(mail_date(0) == "Thu, 01 Jan 1970 00:00:00 +0000");
  CHECK(mail_date(1795385845) == "Sun, 22 Nov 2026 22:17:25 +0000");
}

TEST_CASE("a message id is stable for a digest and a recipient") {
  const auto id = message_id("scan-7", "a@x", "skein@example.org");
  CHECK(id == message_id("scan-7", "a@x", "skein@example.org"));
  CHECK(id != message_id("scan-8", "a@x", "skein@example.org"));
  CHECK(id != message_id("scan-7", "b@x", "skein@example.org"));
  CHECK(id.size() == 32 + std::string{"@example.org"}.size());
  CHECK(id.ends_with("@example.org"));
}

TEST_CASE("a message has both texts and nothing but CRLF line ends") {
  const auto text = mime_message(example());
  CHECK(text == mime_message(example()));
  CHECK(text.starts_with("Date: Sun, 22 Nov 2026 22:17:25 +0000\r\nFrom: skein@example.org\r\n"
                         "To: film@example.org\r\nMessage-ID: <1@example.org>\r\n"
                         "Subject: =?UTF-8?B?"));
  CHECK(text.find("Content-Type: text/plain; charset=utf-8") < text.find("text/html"));
  CHECK(text.find("H=C3=A4llo\r\nWorld=20\r\n.\r\n") != std::string::npos);
  for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos; ++at)
    CHECK(text[at - 1] == '\r');
}
