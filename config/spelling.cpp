#include "config/spelling.hpp"

#include <algorithm>
#include <cctype>

namespace skein::config {

namespace {

constexpr std::size_t shown_bytes = 80;
constexpr std::size_t compared_bytes = 64;

bool is_word_byte(unsigned char c) { return std::isalnum(c) || c == '-' || c == '_' || c == '.'; }

std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i)
    d[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j)
    d[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i)
    for (std::size_t j = 1; j <= b.size(); ++j) {
      d[i][j]
          = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] != b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  return d[a.size()][b.size()];
}

} // namespace

std::string quote(std::string_view text) {
  std::string shown{"\""};
  std::size_t end = std::min(text.size(), shown_bytes);
  while (end < text.size() && end > 0 && (text[end] & 0xC0) == 0x80)
    --end;
  for (unsigned char c : text.substr(0, end))
    shown += c < 0x20 || c == 0x7F ? '?' : static_cast<char>(c);
  return shown + (end < text.size() ? "…\"" : "\"");
}

std::string listed(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i)
    text += (i == 0 ? "" : i + 1 == words.size() ? " and " : ", ") + words[i];
  return text;
}

std::string_view nearest(std::string_view word, const std::vector<std::string>& known) {
  std::string_view best;
  auto best_distance = std::max<std::size_t>(1, word.size() / 3) + 1;
  if (word.size() > compared_bytes)
    return best;
  for (const auto& x : known) {
    if (x.size() > compared_bytes)
      continue;
    bool begins = word.size() > 2 && lower(x).starts_with(lower(word));
    if (auto d = begins ? 1 : distance(lower(word), lower(x)); d < best_distance) {
      best = x;
      best_distance = d;
    }
  }
  return best;
}

std::string suggestion(std::string_view word, const std::vector<std::string>& known) {
  if (auto near = nearest(word, known); !near.empty())
    return "; did you mean " + quote(near) + "?";
  if (known.empty())
    return "; there are none";
  return (known.size() == 1 ? "; the only known one is " : "; known are ") + listed(known);
}

std::string lower(std::string_view text) {
  std::string result{text};
  for (auto& c : result)
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

std::string_view trimmed(std::string_view text) {
  auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= 63 && std::isalnum(static_cast<unsigned char>(text[0]))
         && std::all_of(text.begin(), text.end(), is_word_byte)
         && text.find("..") == std::string_view::npos;
}

bool is_variable_name(std::string_view text) {
  auto allowed = [](unsigned char c) { return std::isalnum(c) || c == '_'; };
  return !text.empty() && !std::isdigit(static_cast<unsigned char>(text[0]))
         && std::all_of(text.begin(), text.end(), allowed);
}

bool is_mail_address(std::string_view text) {
  auto at = text.find('@');
  auto plain = [](unsigned char c) {
    return c > 0x20 && c != 0x7F
           && std::string_view{"<>,;:\"()\\"}.find(static_cast<char>(c)) == std::string_view::npos;
  };
  return at != 0 && at != std::string_view::npos && at + 1 < text.size()
         && text.find('@', at + 1) == std::string_view::npos
         && std::all_of(text.begin(), text.end(), plain);
}

} // namespace skein::config
