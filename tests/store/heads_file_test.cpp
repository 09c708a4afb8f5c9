#include "store/heads_file.hpp"
#include "support.hpp"

using namespace skein;
using namespace skein::store;
using namespace skein::store::test;
using Catch::Matchers::Contains;

namespace {

struct heads {
  temporary_folder folder;
  std::filesystem::path file = folder.path() / "elsewhere" / "heads";
  signing_key key = value_of(signing_key::load_or_make(folder.path() / "key.pem", "skein/log/x"));

  std::string note(uint64_t size) const {
    return value_of(sign({"x", size, {}, "now"}, key)).note();
  }

  std::vector<std::string> in_file(size_t expected_rest = 0) const {
    std::vector<std::string> notes;
    const auto rest = value_of(each_note(file, [&](uint64_t number, std::string_view text) {
      CHECK(number == notes.size() + 1);
      notes.emplace_back(text);
    }));
    CHECK(rest == expected_rest);
    return notes;
  }
};

} // namespace

TEST_CASE("a file of heads is made with its folder, and goes on where it ends") {
  heads h;
  {
    auto file = value_of(heads_file::open(h.file));
    CHECK(file.last().empty());
    check(file.append({h.note(1)}));
    check(file.append({h.note(2), h.note(3)}));
    CHECK(file.last() == h.note(3));
  }
  auto file = value_of(heads_file::open(h.file));
  CHECK(file.last() == h.note(3));
  CHECK(file.warning().empty());
  CHECK(h.in_file() == std::vector{h.note(1), h.note(2), h.note(3)});
}

TEST_CASE("a head torn at any byte is cut off, and the file goes on") {
  heads h;
  const auto whole = h.note(1) + "\n";
  const auto torn = h.note(2);
  for (size_t i = 1; i < torn.size(); ++i) {
    std::filesystem::create_directories(h.file.parent_path());
    write_file(h.file, whole + torn.substr(0, i));
    CHECK(h.in_file(i).size() == 1);
    auto file = value_of(heads_file::open(h.file));
    CHECK_THAT(file.warning(), Contains("torn"));
    CHECK(file.last() == h.note(1));
    CHECK(read_file(h.file) == whole);
  }
  // Only the empty line after it is missing: it is whole.
  write_file(h.file, whole + torn);
  auto file = value_of(heads_file::open(h.file));
  CHECK(file.last() == torn);
  check(file.append({h.note(3)}));
  CHECK(h.in_file() == std::vector{h.note(1), h.note(2), h.note(3)});
}

TEST_CASE("a long file is read from its end to go on, and whole to check it") {
  heads h;
  auto file = value_of(heads_file::open(h.file));
  std::vector<std::string> notes;
  for (uint64_t i = 1; i <= 6000; ++i) // more than a piece
    notes.push_back(h.note(i));
  check(file.append(notes));
  REQUIRE(std::filesystem::file_size(h.file) > (1 << 20));
  auto again = value_of(heads_file::open(h.file));
  CHECK(again.last() == notes.back());
  CHECK(again.warning().empty());
  CHECK(h.in_file() == notes);
}

TEST_CASE("a file that cannot be made is a failure that names it") {
  temporary_folder folder;
  write_file(folder.path() / "file", "");
  CHECK_THAT(failure_of(heads_file::open(folder.path() / "file" / "heads")), Contains("heads"));
}
