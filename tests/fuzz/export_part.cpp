// The parts of an exported log, which may come from anybody.
#include "events/export.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace skein;
using namespace skein::fuzz;

namespace {

void read_section(std::string_view bytes) {
  const auto read = exported::decode_section(bytes);
  if (!read)
    return must_say_why(read.error());
  const auto written = exported::encode(*read);
  must(std::string_view{written}.ends_with(bytes), "a section has one spelling");
}

void read_entries(std::string_view bytes) {
  const auto read = exported::decode_entries(bytes);
  if (!read)
    return must_say_why(read.error());
  std::string written;
  for (const auto& entry : *read)
    exported::append_entry(written, entry.sequence, entry.stream, entry.record);
  const auto again = exported::decode_entries(written);
  must(again && again->size() == read->size(), "entries that were read are written and read again");
  for (std::size_t i = 0; i < read->size(); ++i)
    must((*again)[i].sequence == (*read)[i].sequence && (*again)[i].stream == (*read)[i].stream
             && (*again)[i].record == (*read)[i].record,
         "and are then the same");
}

} // namespace

SKEIN_FUZZ(export_part, bytes) {
  read_section(bytes);
  read_entries(bytes);
}
