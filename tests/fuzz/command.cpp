// A command line, and the units and types of YAML's scalars.
#include "config/sql_type.hpp"
#include "config/units.hpp"
#include "config/workspace.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace skein;
using namespace skein::fuzz;

namespace {

std::string quoted(const std::vector<std::string>& words) {
  std::string line;
  for (const auto& word : words) {
    line += line.empty() ? "'" : " '";
    for (const char c : word)
      line += c == '\'' ? std::string{"'\\''"} : std::string{c};
    line += '\'';
  }
  return line;
}

template <class T>
void must_be_positive_or_told(const expected<T>& read) {
  if (!read)
    return must_say_why(read.error());
  must(*read >= T{}, "no duration and no size is negative");
}

} // namespace

SKEIN_FUZZ(command, bytes) {
  if (const auto words = config::split_command(bytes))
    must(config::split_command(quoted(*words)) == *words, "words that are quoted stay as they are");
  else
    must_say_why(words.error());
  must_be_positive_or_told(config::parse_duration(bytes));
  must_be_positive_or_told(config::parse_milliseconds(bytes));
  must_be_positive_or_told(config::parse_size(bytes));
  if (config::looks_like_type(bytes)) {
    const auto once = config::canonical_type(bytes);
    must(config::canonical_type(once) == once, "a type has one canonical name");
  }
}
