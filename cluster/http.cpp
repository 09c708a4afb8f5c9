#include "cluster/http.hpp"

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>

namespace skein::cluster {

namespace {

bool same_name(const std::string& a, const std::string& b) {
  const auto equal
      = [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), equal);
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  const char upper = static_cast<char>(c & ~0x20);
  return upper >= 'A' && upper <= 'F' ? upper - 'A' + 10 : -1;
}

} // namespace

std::string http_request::header(const std::string& name) const {
  const auto found = std::find_if(headers.begin(), headers.end(),
                                  [&](const auto& each) { return same_name(each.first, name); });
  return found == headers.end() ? std::string{} : found->second;
}

http_response http_problem(int status, const std::string& title, const std::string& detail) {
  const nlohmann::json body{{"status", status}, {"title", title}, {"detail", detail}};
  return {status,
          "application/problem+json",
          body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace),
          {}};
}

bool percent_decode(const std::string& text, bool plus_is_blank, std::string& out) {
  out.clear();
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += plus_is_blank && text[i] == '+' ? ' ' : text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
    if (high < 0 || low < 0)
      return false;
    out += static_cast<char>(high << 4 | low);
    i += 2;
  }
  return true;
}

} // namespace skein::cluster
