// A proof that somebody brings to `skein audit check`.
#include "tools/skein/proof.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <nlohmann/json.hpp>

using namespace skein;
using namespace skein::fuzz;

namespace {

std::string text_of(const console::proof& x) {
  return console::json_of(x).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

} // namespace

SKEIN_FUZZ(proof, bytes) {
  const auto read = console::proof_in(bytes);
  if (!read)
    return must_say_why(read.error());
  const auto again = console::proof_in(text_of(*read));
  must(again && text_of(*again) == text_of(*read), "a proof that was read is written and read");
  const auto found = console::check(*read);
  if (!found)
    return must_say_why(found.error());
  must(found->events.size() == read->events.size() && !found->events.empty(),
       "what holds is about all of its events");
}
