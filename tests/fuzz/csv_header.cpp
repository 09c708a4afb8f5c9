// The first record of a CSV file. The first byte chooses the delimiter.
#include "agents/csv_header.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace skein;
using namespace skein::fuzz;

namespace {

std::string written(const std::vector<std::string>& fields, char delimiter) {
  std::string line;
  for (const auto& field : fields) {
    line += &field == &fields.front() ? "\"" : std::string{delimiter} + "\"";
    for (const char c : field)
      line += c == '"' ? std::string{"\"\""} : std::string{c};
    line += '"';
  }
  return line + "\n";
}

} // namespace

SKEIN_FUZZ(csv_header, bytes) {
  const char delimiter = ",;\t|"[take_byte(bytes) % 4];
  const auto fields = agents::csv_header(bytes, delimiter);
  if (!fields)
    return must(fields.error().what.size() > 10, "a trouble says why");
  must(!fields->empty(), "a record has a field");
  must(agents::csv_header(written(*fields, delimiter), delimiter) == *fields,
       "fields that were read are written and read again");
}
