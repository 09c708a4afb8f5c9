// A log into a file and back: nothing is lost, and nothing that was altered is taken.
#include "store/log_transfer.hpp"

#include "store/export_writer.hpp"
#include "store/merkle.hpp"
#include "support.hpp"
#include "tests/actors/told_log.hpp"

#include <cstdlib>
#include <random>

using namespace skein;
using namespace skein::store;
using namespace skein::store::test;
using Catch::Contains;

namespace {

namespace fs = std::filesystem;

/// Does not compress, so that a few outputs make a frame.
std::string noise(std::size_t bytes) {
  std::mt19937_64 dice{bytes};
  std::string text(bytes, ' ');
  for (auto& x : text)
    x = static_cast<char>('!' + dice() % 90);
  return text;
}

/// A log of three migrations, and where its export goes.
struct logged {
  temporary_folder folder;
  fs::path source = folder.path() / "source/log";
  fs::path target = folder.path() / "target/log";
  fs::path file = folder.path() / "all.skeinlog";
  std::unique_ptr<event_log> log;

  logged() {
    fs::create_directory(source.parent_path());
    log = value_of(open_log(source));
    actors::test::told_log story{*log};
    story.complete("movies");
    story.request("cars");
    story.succeed(story.request("jobs"), "discover");
  }

  /// Enough for several frames.
  void add_bulk() {
    actors::test::told_log story{*log};
    for (int i = 0; i < 6; ++i)
      story.succeed(story.request("bulk" + std::to_string(i)), "discover", noise(600'000));
  }

  std::string exported() {
    fs::remove(file);
    value_of(export_log(*log, file));
    return read_file(file);
  }

  bool left_nothing() const {
    return !fs::exists(target) && !fs::exists(fs::path{target} += ".importing");
  }
};

/// The sections of a file, each with its length in front.
std::vector<std::string> sections_of(const std::string& file) {
  std::vector<std::string> parts;
  std::string_view rest{file};
  rest.remove_prefix(exported::magic.size());
  while (!rest.empty()) {
    auto behind = rest;
    uint64_t length = 0;
    REQUIRE(exported::take_varint(behind, length));
    const auto size = rest.size() - behind.size() + length;
    parts.emplace_back(rest.substr(0, size));
    rest.remove_prefix(size);
  }
  return parts;
}

std::string joined(const std::vector<std::string>& sections) {
  std::string file{exported::magic};
  for (const auto& x : sections)
    file += x;
  return file;
}

} // namespace

TEST_CASE_METHOD(logged, "an imported log is the exported one, id, sequences and versions") {
  const auto frames = GENERATE(1, 2);
  if (frames > 1)
    add_bulk();
  const auto out = value_of(export_log(*log, file));
  CHECK(out.totals.records == log->last_sequence());
  CHECK((out.totals.frames > 1) == (frames > 1));
  const auto in = value_of(import_log(file, target));
  CHECK(in.totals == out.totals);
  CHECK(in.header == out.header);
  const auto copy = value_of(open_log(target));
  CHECK(copy->log_id() == log->log_id());
  CHECK(records_of(*copy) == records_of(*log));
  for (const std::string stream : {"movies@v2", "cars@v2", "jobs@v2"}) {
    CHECK(records_of(*copy, stream) == records_of(*log, stream));
    CHECK(value_of(copy->stream_version(stream)) == value_of(log->stream_version(stream)));
  }
}

// REWRITE=1 writes the file if it is missing, and never touches one that is there.
TEST_CASE_METHOD(logged, "a file that the first version wrote is still read") {
  const fs::path golden = STORE_TEST_DIR "/golden/format-1.skeinlog";
  if (std::getenv("REWRITE") != nullptr && !fs::exists(golden))
    value_of(export_log(*log, golden));
  value_of(import_log(golden, target));
  CHECK(records_of(*value_of(open_log(target))) == records_of(*log));
}

TEST_CASE_METHOD(logged, "an imported log goes on") {
  exported();
  value_of(import_log(file, target));
  const auto copy = value_of(open_log(target));
  const auto last = copy->last_sequence();
  CHECK(commit_one(*copy, {"cars@v2", 1, {"x"}}).first_sequence == last + 1);
}

TEST_CASE_METHOD(logged, "an empty log can be exported and imported") {
  log = value_of(open_log(folder.path() / "empty"));
  CHECK(value_of(export_log(*log, file)).totals.records == 0);
  value_of(import_log(file, target));
  CHECK(value_of(open_log(target))->log_id() == log->log_id());
}

TEST_CASE_METHOD(logged, "a log is exported while its writer has it open") {
  const auto beside = value_of(open_log_read_only(source));
  CHECK(value_of(export_log(*beside, file)).totals.records == log->last_sequence());
}

TEST_CASE_METHOD(logged, "a part of a log can be exported, but is no log") {
  const auto part = value_of(export_log(*log, file, {3, 5, false}));
  CHECK(part.totals.records == 3);
  CHECK(part.totals.last_sequence == 5);
  CHECK(value_of(verify_export(file)).totals == part.totals);
  CHECK_THAT(failure_of(import_log(file, target)), Contains("starts at sequence 3"));
  CHECK(left_nothing());
}

TEST_CASE_METHOD(logged, "what the log does not have cannot be exported") {
  const auto last = std::to_string(log->last_sequence());
  CHECK_THAT(failure_of(export_log(*log, file, {1, 1000, false})),
             Contains("ends at sequence " + last) && Contains("1000"));
  CHECK_THAT(failure_of(export_log(*log, file, {1000})), Contains("1000"));
  CHECK_THAT(failure_of(export_log(*log, file, {5, 4, false})), Contains("from 5 to 4"));
  CHECK(!fs::exists(file));
}

TEST_CASE_METHOD(logged, "an export overwrites nothing") {
  write_file(file, "precious");
  CHECK_THAT(failure_of(export_log(*log, file)), Contains("is there already"));
  CHECK(read_file(file) == "precious");
}

TEST_CASE_METHOD(logged, "an import overwrites no log") {
  exported();
  value_of(import_log(file, target));
  CHECK_THAT(failure_of(import_log(file, target)), Contains("a state folder without one"));
}

TEST_CASE_METHOD(logged, "whichever byte of an export is altered, it is refused") {
  const auto whole = exported();
  for (std::size_t i = 0; i < whole.size(); ++i)
    for (const char flip : {'\x01', '\x80'}) {
      auto altered = whole;
      altered[i] = static_cast<char>(altered[i] ^ flip);
      write_file(file, altered);
      INFO("byte " << i);
      CHECK(!verify_export(file));
    }
}

TEST_CASE_METHOD(logged, "wherever an export is cut off, it is refused") {
  const auto whole = exported();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    write_file(file, whole.substr(0, size));
    INFO(size << " of " << whole.size() << " bytes");
    CHECK(!verify_export(file));
  }
}

TEST_CASE_METHOD(logged, "frames that are dropped, swapped, doubled or added are refused") {
  add_bulk();
  auto parts = sections_of(exported());
  REQUIRE(parts.size() >= 4); // header, frames, trailer
  SECTION("dropped") { parts.erase(parts.begin() + 1); }
  SECTION("the last one dropped") { parts.erase(parts.end() - 2); }
  SECTION("swapped") { std::swap(parts[1], parts[2]); }
  SECTION("doubled") { parts.insert(parts.begin() + 1, parts[1]); }
  SECTION("behind the trailer") { parts.push_back(parts[1]); }
  SECTION("without a header") { parts.erase(parts.begin()); }
  SECTION("with two headers") { parts.insert(parts.begin(), parts[0]); }
  SECTION("under another log's header") {
    parts[0] = exported::encode(exported::header{exported::format, std::string(32, '0'), 1});
  }
  write_file(file, joined(parts));
  CHECK_THAT(failure_of(verify_export(file)), Contains("cut off, damaged or altered"));
  CHECK_THAT(failure_of(import_log(file, target)), Contains("cut off, damaged or altered"));
  CHECK(left_nothing());
}

TEST_CASE_METHOD(logged, "a later format is named, not guessed at") {
  auto parts = sections_of(exported());
  parts[0] = exported::encode(exported::header{2, log->log_id(), 1});
  write_file(file, joined(parts));
  CHECK_THAT(failure_of(verify_export(file)), Contains("format 2") && Contains("format 1"));
}

TEST_CASE_METHOD(logged, "what is no export is said to be none") {
  write_file(file, "hello");
  CHECK_THAT(failure_of(verify_export(file)), Contains("does not begin with SKEINLOG"));
  CHECK_THAT(failure_of(verify_export(folder.path() / "nothing")), Contains("cannot be read"));
}

TEST_CASE_METHOD(logged, "an export that was cut off goes on behind its last whole frame") {
  add_bulk();
  const auto whole = exported();
  const auto part = part_of(file);
  fs::remove(file);
  const auto parts = sections_of(whole);
  const auto header = exported::magic.size() + parts[0].size();
  for (const auto size : {header, header + 10, header + parts[1].size(),
                          header + parts[1].size() + parts[2].size() - 1, whole.size()}) {
    write_file(part, whole.substr(0, size));
    CHECK_THAT(failure_of(export_log(*log, file)), Contains("--resume"));
    value_of(export_log(*log, file, {1, no_limit, true}));
    CHECK(read_file(file) == whole);
    CHECK(!fs::exists(part));
    fs::remove(file);
  }
}

TEST_CASE_METHOD(logged, "an export of another log is not gone on with") {
  exported();
  fs::rename(file, part_of(file));
  log = value_of(open_log(folder.path() / "other"));
  CHECK_THAT(failure_of(export_log(*log, file, {1, no_limit, true})),
             Contains("name another file"));
}

TEST_CASE_METHOD(logged, "an import that was cut off goes on") {
  add_bulk();
  exported();
  const auto growing = fs::path{target} += ".importing";
  const auto begin_with = [&](const export_request& part) {
    value_of(export_log(*log, folder.path() / "some", part));
    value_of(import_log(folder.path() / "some", growing));
  };
  SECTION("of the same file") {
    begin_with({}); // all of it, but it has not taken its name yet
    value_of(import_log(file, target));
    CHECK(records_of(*value_of(open_log(target))) == records_of(*log));
  }
  SECTION("not of one with other frames") {
    begin_with({1, 3, false}); // an import commits whole frames only
    CHECK_THAT(failure_of(import_log(file, target)), Contains("once more"));
    CHECK(left_nothing());
    value_of(import_log(file, target));
  }
}

TEST_CASE("an export bears out the heads of its log, and no others") {
  logged given;
  const auto log_id = given.log->log_id();
  std::vector<tree_head> heads;
  merkle::edge tree;
  value_of(given.log->read(1, no_limit, [&](const stored& from) {
    tree.add(merkle::leaf_hash(from.bytes));
    heads.push_back({log_id, from.sequence, tree.root(), "2026-03-01T00:00:00Z"});
    return true;
  }));
  given.exported();
  value_of(verify_export(given.file, heads));
  value_of(verify_export(given.file, std::vector{tree_head{log_id, 0, merkle::empty_root(), ""}}));

  auto other = heads[3];
  other.root[0] ^= 1;
  CHECK_THAT(failure_of(verify_export(given.file, std::vector{heads[7], other})),
             Contains("head of 4 events is not borne out"));
  auto foreign = heads[3];
  foreign.log_id = std::string(32, '0');
  CHECK_THAT(failure_of(verify_export(given.file, std::vector{foreign})),
             Contains("is of the log " + foreign.log_id));

  // Whose newest events were cut off.
  fs::remove(given.file);
  value_of(export_log(*given.log, given.file, {1, 5}));
  CHECK_THAT(failure_of(verify_export(given.file, heads)), Contains("has only 5"));
  fs::remove(given.file);
  value_of(export_log(*given.log, given.file, {2, 5}));
  CHECK_THAT(failure_of(verify_export(given.file, heads)), Contains("begins with sequence 2"));
}
