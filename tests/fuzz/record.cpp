// One event as the log keeps it, which a damaged disk or a forged export may hand us.
#include "events/record.hpp"
#include "events/decode_event.hpp"
#include "events/record_place.hpp"
#include "events/status.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <google/protobuf/stubs/logging.h>

using namespace skein;
using namespace skein::fuzz;

namespace {

const google::protobuf::LogSilencer quiet;

void must_agree_in_part(const record& whole, std::string_view bytes) {
  const auto event = decode_event(bytes);
  must(event && event->migration == whole.migration && event->version == whole.version
           && event->at == whole.at && event->event.index() == whole.event.index(),
       "decode_event() reads what decode_record() does");
  const auto place = place_of(bytes);
  must(place && place->migration == whole.migration && place->version == whole.version,
       "place_of() reads what decode_record() does");
}

} // namespace

SKEIN_FUZZ(record, bytes) {
  const auto read = decode_record(bytes);
  if (!read)
    return must_say_why(read.error());
  must_agree_in_part(*read, bytes);
  const auto written = encode(*read);
  const auto again = decode_record(written);
  must(again && encode(*again) == written, "a record that was read is written and read again");
  const auto after = migration::evolve({}, read->event, read->at);
  must(migration::owed(after).size() <= 2 * after.steps.size() + 1, "a step owes little");
  must(!status_json(1, *read).empty() && !event_json(read->event).empty(), "a record has JSON");
  if (read->command)
    (void)migration::decide(after, *read->command);
}
