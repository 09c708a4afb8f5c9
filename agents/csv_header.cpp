#include "agents/csv_header.hpp"

#include <fmt/format.h>

namespace skein::agents {

namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

/// Takes one field off the front of `rest` and leaves the delimiter or line end in front.
bool take_field(std::string_view& rest, char delimiter, std::string& field) {
  field.clear();
  bool inside_quotes = false;
  for (std::size_t i = 0; i < rest.size(); ++i) {
    const char x = rest[i];
    if (x == '"' && inside_quotes && i + 1 < rest.size() && rest[i + 1] == '"') {
      field += '"';
      ++i;
    } else if (x == '"') {
      inside_quotes = !inside_quotes;
    } else if (!inside_quotes && (x == delimiter || x == '\n' || x == '\r')) {
      rest.remove_prefix(i);
      return true;
    } else {
      field += x;
    }
  }
  return false;
}

} // namespace

outcome<std::vector<std::string>> csv_header(std::string_view beginning, char delimiter) {
  if (beginning.starts_with(byte_order_mark))
    beginning.remove_prefix(byte_order_mark.size());
  std::vector<std::string> fields;
  std::string field;
  while (take_field(beginning, delimiter, field)) {
    fields.push_back(field);
    if (beginning.front() != delimiter)
      return fields;
    beginning.remove_prefix(1);
  }
  return give_up("the file has no complete header line; a CSV file starts with its column names "
                 "and a line end");
}

} // namespace skein::agents
