// A migration's state as snapshots and the view keep it.
#include "events/record.hpp"
#include "tests/events/vocabulary.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <google/protobuf/stubs/logging.h>

using namespace skein;
using namespace skein::fuzz;
using namespace skein::tests;

namespace {

const google::protobuf::LogSilencer quiet;

/// An event of each kind, for any step that the state may have or not.
std::vector<event> lifetime_of(const std::string& step) {
  return joined(
      {asked(diamond()), started(step, 1, 2), succeeded(step, 1, 2), held{step, "x"},
       approved{step}, failed(step, 1, 3, error_class::lost), parked{step, ""}, retried{{step}},
       retry_scheduled{step, midnight}, quarantined{""}, owner_told{"mail"}, cancelled{}, paused{},
       resumed{}},
      {operators_events(step), {completed{}, started("left", 2, 3), succeeded("left", 2, 3)}});
}

} // namespace

SKEIN_FUZZ(state, bytes) {
  auto read = decode_state(bytes);
  if (!read)
    return must_say_why(read.error());
  const auto again = decode_state(encode(*read));
  must(again && *again == *read, "a state that was read is written and read again");
  (void)owed(*read);
  const auto step = read->flow.steps.empty() ? "left" : read->flow.steps.front().name;
  for (const auto& what : lifetime_of(step)) {
    *read = evolve(*std::move(read), what, midnight);
    must(read->steps.size() == read->flow.steps.size(), "each step has a state");
  }
}
