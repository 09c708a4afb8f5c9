// What a metadata store answers, and the notifier's input: JSON that the built-in agents read.
#include "agents/metadata_json.hpp"
#include "agents/notices.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <nlohmann/json.hpp>

using namespace skein;
using namespace skein::fuzz;

namespace {

template <class T>
void must_be_read_or_told(const agents::outcome<T>& read) {
  if (read)
    return;
  must(read.error().what.size() > 10, "a trouble says why");
  must(read.error().kind == agents::trouble_kind::permanent, "bad data stays bad");
}

} // namespace

SKEIN_FUZZ(metadata_answer, bytes) {
  must_be_read_or_told(agents::parse_dataset(bytes));
  must_be_read_or_told(agents::parse_page(bytes));
  must_be_read_or_told(agents::parse_consumers(bytes));
  must(!agents::trouble_of_response(409, bytes, "GET /x").what.empty(), "a status says why");
  const auto input = nlohmann::json::parse(bytes, nullptr, false);
  if (!input.is_discarded())
    must_be_read_or_told(agents::parse_digest(input));
}
