// Signed heads, their keys and base64: what auditors bring along.
#include "store/tree_head.hpp"
#include "store/encodings.hpp"
#include "store/verifying_key.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace skein;
using namespace skein::fuzz;

namespace {

void read_key(std::string_view text) {
  const auto key = store::verifying_key::parse(text);
  if (!key)
    return must_say_why(key.error());
  must(key->text() == text, "a key has one spelling");
}

void read_note(std::string_view text) {
  must(store::first_note_bytes(text) <= text.size(), "a note ends in its text");
  const auto head = store::parse_head(text);
  if (!head)
    return must_say_why(head.error());
  must(head->note() == text, "a note has one spelling");
  const store::verifying_key stranger{"stranger", std::string(32, 'k')};
  must(!store::check_signature(*head, {&stranger, 1}), "a stranger's key signs nothing");
}

} // namespace

SKEIN_FUZZ(tree_head, bytes) {
  read_key(bytes);
  read_note(bytes);
  if (const auto raw = store::from_base64(bytes))
    must(store::base64(*raw) == bytes, "base64 has one spelling");
}
