#include "store/encodings.hpp"
#include "store/merkle.hpp"
#include "store/tree_head.hpp"
#include "support.hpp"

#include <sys/stat.h>

using namespace skein;
using namespace skein::store;
using namespace skein::store::test;
using Catch::Matchers::Contains;

namespace {

const std::string log_id = "0123456789abcdef0123456789abcdef";

tree_head some_head(uint64_t size = 4711) {
  return {log_id, size, merkle::leaf_hash("x"), "2026-11-22T10:00:05.000000Z"};
}

struct keys {
  temporary_folder folder;
  signing_key mine = make("mine.pem", origin_of(log_id));
  signing_key other = make("other.pem", origin_of(log_id));

  signing_key make(const std::string& file, const std::string& name) {
    return value_of(signing_key::load_or_make(folder.path() / file, name));
  }
};

expected<void> checked(const signed_head& head, const signing_key& by) {
  const auto key = by.verifier();
  return check_signature(head, {&key, 1});
}

std::string bytes_in(const std::string& hexadecimal) {
  std::string bytes;
  for (size_t i = 0; i < hexadecimal.size(); i += 2)
    bytes += static_cast<char>(std::stoi(hexadecimal.substr(i, 2), nullptr, 16));
  return bytes;
}

mode_t mode_of(const std::filesystem::path& file) {
  struct stat facts {};
  REQUIRE(stat(file.c_str(), &facts) == 0);
  return facts.st_mode & 07777;
}

std::string with(std::string text, const std::string& part, const std::string& instead) {
  const auto at = text.find(part);
  REQUIRE(at != std::string::npos);
  return text.replace(at, part.size(), instead);
}

} // namespace

TEST_CASE("a head is a checkpoint in a signed note") {
  keys k;
  const auto head = value_of(sign(some_head(), k.mine));
  CHECK(head.text
        == "skein/log/" + log_id + "\n4711\n" + base64(some_head().root)
               + "\ntime 2026-11-22T10:00:05.000000Z\n");
  CHECK_THAT(head.note(), Contains("\n\n\xe2\x80\x94 skein/log/" + log_id + " "));
  const auto again = value_of(parse_head(head.note()));
  CHECK(again.head == some_head());
  CHECK(again.note() == head.note());
  check(checked(again, k.mine));
}

TEST_CASE("a key is made once, for its owner only, and signs the same afterwards") {
  keys k;
  const auto file = k.folder.path() / "mine.pem";
  CHECK(mode_of(file) == 0600);
  const auto again = k.make("mine.pem", origin_of(log_id));
  CHECK(again.verifier() == k.mine.verifier());
  CHECK(value_of(again.sign("x")) == value_of(k.mine.sign("x")));
  CHECK_FALSE(k.other.verifier() == k.mine.verifier());
}

TEST_CASE("a key that others may read, and a file that is no key, are refused") {
  keys k;
  const auto file = k.folder.path() / "mine.pem";
  REQUIRE(chmod(file.c_str(), 0640) == 0);
  CHECK_THAT(failure_of(signing_key::load_or_make(file, "x")), Contains("chmod 600"));
  write_file(file, "no key");
  REQUIRE(chmod(file.c_str(), 0600) == 0);
  CHECK_THAT(failure_of(signing_key::load_or_make(file, "x")), Contains("no Ed25519 private key"));
  CHECK(read_file(file) == "no key");
}

TEST_CASE("a public key survives its text, and a wrong character is noticed") {
  keys k;
  const auto text = k.mine.verifier().text();
  CHECK(value_of(verifying_key::parse(text)) == k.mine.verifier());
  for (size_t i = 0; i < text.size(); ++i) {
    auto wrong = text;
    wrong[i] = wrong[i] == 'a' ? 'b' : 'a';
    CHECK_FALSE(verifying_key::parse(wrong));
  }
  for (const auto* none : {"", "+", "name", "name+12345678", "name+12345678+AQ=="})
    CHECK_FALSE(verifying_key::parse(none));
}

TEST_CASE("signatures are verified as RFC 8032 defines them: its second test vector") {
  const verifying_key key{"x", bytes_in("3d4017c3e843895a92b70aa74d1b7ebc"
                                        "9c982ccf2ec4968cc0cd55f12af4660c")};
  const auto signature
      = bytes_in("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                 "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
  CHECK(key.verifies("\x72", signature));
  CHECK_FALSE(key.verifies("\x73", signature));
  CHECK_FALSE(key.verifies("\x72", signature.substr(1)));
  CHECK_FALSE(key.verifies("\x72", ""));
}

TEST_CASE("no byte of a head can be changed unnoticed") {
  keys k;
  const auto note = value_of(sign(some_head(), k.mine)).note();
  for (size_t i = 0; i < note.size(); ++i) {
    auto wrong = note;
    wrong[i] ^= 1;
    const auto parsed = parse_head(wrong);
    const bool is_noticed = !parsed || !checked(*parsed, k.mine);
    INFO("byte " << i << " of\n" << wrong);
    CHECK(is_noticed);
  }
}

TEST_CASE("a head of another key is not trusted") {
  keys k;
  const auto forged = value_of(sign(some_head(), k.other));
  CHECK_THAT(failure_of(checked(forged, k.mine)), Contains("not among the trusted"));
  auto pretends = forged;
  pretends.signatures[0].key_id = k.mine.verifier().id();
  CHECK_THAT(failure_of(checked(pretends, k.mine)), Contains("forged"));
}

TEST_CASE("one good signature among several is enough") {
  keys k;
  auto head = value_of(sign(some_head(), k.mine));
  const auto theirs = value_of(sign(some_head(), k.other));
  head.signatures.insert(head.signatures.begin(), theirs.signatures[0]);
  const auto parsed = value_of(parse_head(head.note()));
  CHECK(parsed.signatures.size() == 2);
  check(checked(parsed, k.mine));
  check(checked(parsed, k.other));
}

TEST_CASE("what is no head is refused with a sentence") {
  keys k;
  const auto note = value_of(sign(some_head(), k.mine)).note();
  const std::pair<std::string, std::string> wrong[]{
      {"", "no empty line"},
      {with(note, "skein/log/", "other/log/"), "first line"},
      {with(note, "\n4711\n", "\n04711\n"), "second line"},
      {with(note, "\n4711\n", "\n-1\n"), "second line"},
      {with(note, "\n4711\n", "\n99999999999999999999\n"), "second line"},
      {with(note, "time ", "date "), "fourth line"},
      {with(note, "\xe2\x80\x94 ", "-- "), "no signature"},
      {note.substr(0, note.size() - 1), "no signature"},
      {note.substr(0, note.find("\xe2\x80\x94")), "not signed"}};
  for (const auto& [text, why] : wrong)
    CHECK_THAT(failure_of(parse_head(text)), Contains(why));
}

TEST_CASE("notes are found one behind the other, and a torn one is not") {
  keys k;
  const auto note = value_of(sign(some_head(), k.mine)).note();
  const auto two = note + "\n" + note + "\n";
  CHECK(first_note_bytes(two) == note.size() + 1);
  CHECK(first_note_bytes("\n\n" + note) == note.size() + 2);
  for (size_t i = 0; i < note.size(); ++i)
    CHECK(first_note_bytes(note.substr(0, i)) == 0);
  CHECK(first_note_bytes(note) == note.size());
}
