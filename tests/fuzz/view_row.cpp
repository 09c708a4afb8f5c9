// Rows of the view, and the points in time that its readers name.
#include "actors/view_row.hpp"
#include "actors/api/point_in_time.hpp"
#include "events/status.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <google/protobuf/stubs/logging.h>

using namespace skein;
using namespace skein::fuzz;

namespace {

const google::protobuf::LogSilencer quiet;

void read_row(std::string_view bytes) {
  const auto row = actors::decode_row(bytes);
  if (!row)
    return must_say_why(row.error());
  const auto again = actors::decode_row(actors::encode_row(*row));
  must(again && *again == *row, "a row that was read is written and read again");
  must(!actors::phase_name(*row).empty(), "a row has a phase");
}

void read_time(std::string_view text) {
  if (const auto at = actors::parse_rfc3339(text)) {
    const auto again = actors::parse_rfc3339(rfc3339(*at));
    must(again && *again == *at, "a time that was read is written and read again");
  }
  const auto point = actors::parse_point_in_time(text, {});
  if (!point)
    must_say_why(point.error());
}

} // namespace

SKEIN_FUZZ(view_row, bytes) {
  read_row(bytes);
  read_time(bytes);
  (void)actors::peek_phase(bytes);
  const auto id = actors::dataset_of(bytes) + "@" + actors::target_version_of(bytes);
  must(id == bytes || bytes.find('@') == bytes.npos, "an id is its two parts");
}
