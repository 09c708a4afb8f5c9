#include "actors/redaction.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace skein::actors {

namespace {

constexpr std::string_view mark = "***";
/// A line of a secret, or the end of one that was cut, tells nobody anything if it is shorter.
constexpr std::size_t part_bytes_min = 6;

std::string json_spelling(const std::string& text, bool ascii) {
  auto quoted = nlohmann::json(text).dump(-1, ' ', ascii, nlohmann::json::error_handler_t::replace);
  return quoted.substr(1, quoted.size() - 2);
}

std::string with_escaped_slashes(std::string text) {
  for (auto at = text.find('/'); at != text.npos; at = text.find('/', at + 2))
    text.insert(at, "\\");
  return text;
}

void add_spellings(const std::string& secret, std::vector<std::string>& to) {
  to.push_back(secret);
  for (const bool ascii : {false, true}) {
    to.push_back(json_spelling(secret, ascii));
    to.push_back(with_escaped_slashes(to.back()));
  }
}

void add_lines(const std::string& secret, std::vector<std::string>& to) {
  for (std::size_t begin = 0, end = 0; end != secret.npos; begin = end + 1) {
    end = secret.find('\n', begin);
    auto line = secret.substr(begin, end - begin);
    if (!line.empty() && line.back() == '\r')
      line.pop_back();
    if (line.size() >= part_bytes_min)
      add_spellings(line, to);
  }
}

/// How much of a text's beginning is the end of a secret.
std::size_t cut_secret_at_front(std::string_view text, std::string_view secret) {
  for (auto size = std::min(secret.size() - 1, text.size()); size >= part_bytes_min; --size)
    if (text.substr(0, size) == secret.substr(secret.size() - size))
      return size;
  return 0;
}

} // namespace

redaction::redaction(const std::vector<std::string>& secrets) {
  for (const auto& secret : secrets) {
    if (secret.empty())
      continue;
    add_spellings(secret, spellings_);
    add_lines(secret, spellings_);
  }
  const auto longer = [](const auto& a, const auto& b) {
    return a.size() != b.size() ? a.size() > b.size() : a < b;
  };
  std::sort(spellings_.begin(), spellings_.end(), longer);
  spellings_.erase(std::unique(spellings_.begin(), spellings_.end()), spellings_.end());
}

std::string redaction::clean(std::string_view text) const {
  std::string result{text};
  for (const auto& secret : spellings_)
    for (auto at = result.find(secret); at != result.npos;
         at = result.find(secret, at + mark.size()))
      result.replace(at, secret.size(), mark);
  return result;
}

std::string redaction::clean_tail(std::string_view tail) const {
  std::size_t cut = 0;
  for (const auto& secret : spellings_)
    cut = std::max(cut, cut_secret_at_front(tail, secret));
  return (cut > 0 ? std::string{mark} : std::string{}) + clean(tail.substr(cut));
}

} // namespace skein::actors
