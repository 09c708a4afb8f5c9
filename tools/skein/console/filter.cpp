#include "tools/skein/console/filter.hpp"

#include "tools/skein/words.hpp"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>
#include <map>
#include <sstream>
#include <vector>

namespace skein::console::screen {

namespace {

/// What a field is called here, and in the API.
const std::map<std::string, std::string>& fields() {
  static const std::map<std::string, std::string> known{
      {"state", "state"},     {"phase", "state"},      {"owner", "owner"},
      {"label", "label"},     {"scan", "scan"},        {"idle", "idle_for"},
      {"why", "text"},        {"older", "older_than"}, {"younger", "younger_than"},
      {"failure", "failure"},
  };
  return known;
}

std::string trimmed(const std::string& text) {
  const auto begin = text.find_first_not_of(' ');
  const auto end = text.find_last_not_of(' ');
  return begin == text.npos ? std::string{} : text.substr(begin, end - begin + 1);
}

/// The name of the field that the word begins with, if there is such.
std::string field_of(const std::string& word) {
  const auto colon = word.find(':');
  const auto name = word.substr(0, colon == word.npos ? 0 : colon);
  return fields().contains(name) ? name : std::string{};
}

bool is_letter(char x) { return std::isalpha(static_cast<unsigned char>(x)) != 0; }

bool is_capital(char x) { return std::isupper(static_cast<unsigned char>(x)) != 0; }

char capital(char x) { return static_cast<char>(std::toupper(static_cast<unsigned char>(x))); }

} // namespace

std::string name_pattern(const std::string& part) {
  const bool is_exact = std::any_of(part.begin(), part.end(), is_capital);
  std::string pattern;
  for (const char x : part) {
    if (x == '[' || x == '\\')
      pattern += std::string{"["} + (x == '\\' ? "\\\\" : "[") + "]";
    else if (is_letter(x) && !is_exact)
      pattern += std::string{'[', x, capital(x), ']'};
    else
      pattern += x;
  }
  return part.find_first_of("*?") == part.npos ? "*" + pattern + "*" : pattern;
}

parameters parameters_of_filter(const std::string& filter) {
  parameters query;
  std::istringstream in{filter};
  std::vector<std::string> names;
  for (std::string word; in >> word;) {
    const auto field = field_of(word);
    if (field.empty()) {
      names.push_back(word);
      continue;
    }
    auto value = word.substr(field.size() + 1);
    if (field == "why") {
      std::string rest;
      std::getline(in, rest);
      value = trimmed(value + rest);
    }
    if (!value.empty()) // it is still being typed
      query[fields().at(field)] = value;
  }
  if (names.size() == 1)
    query["dataset"] = name_pattern(names.front());
  else if (!names.empty()) // one behind the other
    query["dataset"] = name_pattern(fmt::format("*{}*", fmt::join(names, "*")));
  return query;
}

std::string with_field(const std::string& filter, const std::string& field,
                       const std::string& value) {
  std::istringstream in{filter};
  std::string result;
  for (std::string word; in >> word;) {
    if (field_of(word) == "why") {
      std::string rest;
      std::getline(in, rest);
      word = field == "why" ? "" : word + rest;
    } else if (field_of(word) == field)
      continue;
    if (!word.empty())
      result += (result.empty() ? "" : " ") + word;
  }
  if (value.empty())
    return result;
  const auto added = field + ":" + value;
  // What is behind `why:` is all its own.
  return result.empty() ? added : field == "why" ? result + " " + added : added + " " + result;
}

} // namespace skein::console::screen
