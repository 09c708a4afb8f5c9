#include "config/sql_type.hpp"

#include "config/contract.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <vector>

namespace skein::config {

namespace {

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

/// Aliases of the DuckDB manual, "Data Types". A length says nothing to DuckDB, so `VARCHAR(20)`
/// loses it in past_idle().
const std::map<std::string, std::string, std::less<>>& aliases() {
  static const std::map<std::string, std::string, std::less<>> table{
      {"INT8", "BIGINT"},
      {"LONG", "BIGINT"},
      {"BYTEA", "BLOB"},
      {"BINARY", "BLOB"},
      {"VARBINARY", "BLOB"},
      {"BOOL", "BOOLEAN"},
      {"LOGICAL", "BOOLEAN"},
      {"NUMERIC", "DECIMAL"},
      {"FLOAT8", "DOUBLE"},
      {"FLOAT4", "FLOAT"},
      {"REAL", "FLOAT"},
      {"INT", "INTEGER"},
      {"INT4", "INTEGER"},
      {"SIGNED", "INTEGER"},
      {"INT2", "SMALLINT"},
      {"SHORT", "SMALLINT"},
      {"INT1", "TINYINT"},
      {"DATETIME", "TIMESTAMP"},
      {"CHAR", "VARCHAR"},
      {"BPCHAR", "VARCHAR"},
      {"TEXT", "VARCHAR"},
      {"STRING", "VARCHAR"},
      {"GUID", "UUID"},
      {"TIMESTAMPTZ", "TIMESTAMP WITH TIME ZONE"},
      {"TIMETZ", "TIME WITH TIME ZONE"}};
  return table;
}

std::string upper(std::string_view word) {
  std::string result{word};
  for (auto& c : result)
    c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return result;
}

std::size_t end_of_word(std::string_view text, std::size_t i) {
  while (i < text.size() && is_word(text[i]))
    ++i;
  return i;
}

std::size_t end_of_quotes(std::string_view text, std::size_t i) {
  auto end = text.find(text[i], i + 1);
  return end == std::string_view::npos ? end : end + 1;
}

std::size_t end_of_token(std::string_view text, std::size_t i) {
  if (text[i] == '"' || text[i] == '\'')
    return std::min(end_of_quotes(text, i), text.size());
  return is_word(text[i]) ? end_of_word(text, i) : i + 1;
}

/// Words in upper case with their aliases resolved, names in quotes as they stand, and brackets.
std::vector<std::string> tokens_of(std::string_view text) {
  std::vector<std::string> tokens;
  for (std::size_t i = 0, end = 0; i < text.size(); i = end) {
    end = end_of_token(text, i);
    if (std::isspace(static_cast<unsigned char>(text[i])))
      continue;
    std::string token{text.substr(i, end - i)};
    if (is_word(token[0])) {
      token = upper(token);
      if (auto found = aliases().find(token); found != aliases().end())
        token = found->second;
    }
    tokens.push_back(std::move(token));
  }
  return tokens;
}

using position = std::vector<std::string>::const_iterator;

/// Past everything in the brackets that open here.
position past_brackets(position at, position end) {
  int depth = 0;
  do {
    depth += *at == "(" ? 1 : *at == ")" ? -1 : 0;
    ++at;
  } while (at != end && depth > 0);
  return at;
}

/// Past the words and lengths that make no other type of this one.
position past_idle(const std::string& type, position at, position end) {
  while (at != end && type == "DOUBLE" && *at == "PRECISION")
    ++at;
  while (at != end && type == "VARCHAR" && *at == "(")
    at = past_brackets(at, end);
  return at;
}

void append(std::string& to, const std::string& token) {
  if (!to.empty() && is_word(to.back()) && is_word(token.front()))
    to += ' ';
  to += token;
}

} // namespace

bool looks_like_type(std::string_view text) {
  std::string open;
  std::size_t i = 0;
  while (i < text.size()) {
    char c = text[i];
    if (c == '"' || c == '\'') {
      i = end_of_quotes(text, i);
      if (i == std::string_view::npos)
        return false;
      continue;
    }
    if (c == '(' || c == '[')
      open += c == '(' ? ')' : ']';
    else if (c == ')' || c == ']') {
      if (open.empty() || open.back() != c)
        return false;
      open.pop_back();
    } else if (!is_word(c) && c != ' ' && c != ',')
      return false;
    ++i;
  }
  return open.empty() && !text.empty() && std::isalpha(static_cast<unsigned char>(text[0]));
}

std::string canonical_type(std::string_view text) {
  std::string result;
  const auto tokens = tokens_of(text);
  for (auto at = tokens.begin(); at != tokens.end();) {
    auto token = *at++;
    if (token == "CHARACTER" && at != tokens.end() && *at == "VARYING") {
      token = "VARCHAR";
      ++at;
    }
    append(result, token);
    at = past_idle(token, at, tokens.end());
  }
  return result == "DECIMAL" ? "DECIMAL(18,3)" : result;
}

std::string_view default_type(std::string_view logical_type) {
  static const std::map<std::string_view, std::string_view> table{
      {"string", "VARCHAR"},  {"integer", "BIGINT"}, {"number", "DOUBLE"},
      {"boolean", "BOOLEAN"}, {"date", "DATE"},      {"timestamp", "TIMESTAMP"},
      {"time", "TIME"}};
  auto found = table.find(logical_type);
  return found == table.end() ? std::string_view{} : found->second;
}

bool is_same_type(std::string_view a, std::string_view b) {
  return canonical_type(a) == canonical_type(b);
}

} // namespace skein::config
