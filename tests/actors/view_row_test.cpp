#include "actors/projection.hpp"

#include "store/keys.hpp"
#include "store/memory_log.hpp"
#include "store/memory_view.hpp"
#include "told_log.hpp"

using namespace skein;
using namespace skein::actors;
using skein::actors::test::told_log;

namespace {

/// In pieces of that size, until the view has caught up.
void project_all(const store::log_reader& log, store::view_store& view, uint64_t piece = 1000) {
  for (uint64_t reached = 0; reached < log.last_sequence();) {
    const auto done = project_batch(log, view, piece);
    REQUIRE(done);
    REQUIRE(*done > reached);
    reached = *done;
  }
}

view_row row_of(const store::view_reader& view, const std::string& id) {
  const auto bytes = view.get(std::string{row_key} + id);
  REQUIRE(bytes);
  REQUIRE(*bytes);
  const auto row = decode_row(**bytes);
  REQUIRE(row);
  return *row;
}

std::map<std::string, std::string> everything_in(const store::view_reader& view) {
  std::map<std::string, std::string> all;
  REQUIRE(view.scan("", "", store::no_limit, [&](std::string_view key, std::string_view value) {
    all.emplace(key, value);
    return true;
  }));
  return all;
}

std::vector<std::string> open_in(const store::view_reader& view) {
  std::vector<std::string> ids;
  for (const auto& [key, value] : everything_in(view))
    if (key.starts_with(wait_key))
      ids.push_back(id_in_wait_key(key));
  return ids;
}

uint64_t count_in(const store::view_reader& view, const std::string& phase) {
  const auto all = everything_in(view);
  const auto found = all.find(std::string{count_key} + phase);
  return found == all.end() ? 0 : store::keys::whole_be64(found->second).value();
}

} // namespace

TEST_CASE("a row comes back from its bytes as it was") {
  store::memory_log log;
  told_log story{log};
  const auto id = story.complete("movies");
  const view_row row{9, 12, story.state_of(id), ""};
  CHECK(decode_row(encode_row(row)).value() == row);
  CHECK(peek_phase(encode_row(row)) == "completed");
  const view_row broken{9, 12, story.state_of(id), "it cannot be read"};
  CHECK(decode_row(encode_row(broken)).value() == broken);
  CHECK(peek_phase(encode_row(broken)) == "unreadable");
}

TEST_CASE("bytes cut anywhere before the state are not a row") {
  const auto whole = encode_row({1, 2, {}, "why"});
  for (std::size_t size = 0; size < 16 + 1 + 4 + 3; ++size)
    CHECK_FALSE(decode_row(whole.substr(0, size)));
}

TEST_CASE("projecting an event twice changes nothing") {
  const record asked{"movies@v2", 1, test::midnight, "a", "", migration::requested{}, {}, 0};
  const auto once = project({}, 5, asked);
  CHECK(once.version == 1);
  CHECK(once.sequence == 5);
  CHECK(once.state.phase == migration::phase::running);
  CHECK(project(once, 9, asked) == once);
}

TEST_CASE("a gap makes a row unreadable, and it stays so while its events go on") {
  const record third{"movies@v2", 3, test::midnight, "a", "", migration::cancelled{}, {}, 0};
  auto row = project({}, 5, third);
  CHECK_THAT(row.unreadable, Catch::Contains("event 1"));
  row = project(row, 6, {"movies@v2", 4, test::midnight, "a", "", migration::completed{}, {}, 0});
  CHECK(row.version == 4);
  CHECK(row.sequence == 6);
  CHECK_THAT(row.unreadable, Catch::Contains("event 1"));
}

TEST_CASE("the view has what the log comes to, whatever pieces it is taken in") {
  store::memory_log log;
  told_log story{log};
  const auto movies = story.complete("movies");
  const auto cars = story.request("cars");
  story.succeed(cars, "discover");
  store::memory_view whole;
  project_all(log, whole);
  CHECK(row_of(whole, movies).state == story.state_of(movies));
  CHECK(row_of(whole, cars).state == story.state_of(cars));
  CHECK(whole.cursor() == log.last_sequence());
  CHECK(open_in(whole) == std::vector<std::string>{cars});
  CHECK(count_in(whole, "completed") == 1);
  CHECK(count_in(whole, "running") == 1);

  store::memory_view in_pieces;
  project_all(log, in_pieces, 1);
  auto counted = everything_in(in_pieces);
  // A phase that emptied again is counted as zero, which the whole never met.
  std::erase_if(counted, [](const auto& x) { return x.second == std::string(8, '\0'); });
  CHECK(counted == everything_in(whole));
}

TEST_CASE("a migration leaves the open ones once it owes nothing") {
  store::memory_log log;
  store::memory_view view;
  told_log story{log};
  const auto id = story.request("movies");
  project_all(log, view);
  CHECK(open_in(view) == std::vector<std::string>{id});
  story.give(id, migration::cancel{}, "ann", "not worth it");
  project_all(log, view);
  CHECK(open_in(view).empty());
  CHECK(count_in(view, "running") == 0);
  CHECK(count_in(view, "cancelled") == 1);
}

TEST_CASE("a record that cannot be decoded spoils its own migration only") {
  store::memory_log log;
  told_log story{log};
  const auto cars = story.request("cars");
  const auto movies = story.request("movies");
  story.damage(cars);
  story.succeed(movies, "discover");
  const auto piece = GENERATE(1, 2, 1000);
  store::memory_view view;
  project_all(log, view, static_cast<uint64_t>(piece));
  CHECK(view.cursor() == log.last_sequence());
  CHECK_THAT(row_of(view, cars).unreadable, Catch::StartsWith("sequence 3: "));
  CHECK(row_of(view, cars).version == 2);
  CHECK(row_of(view, movies).state == story.state_of(movies));
  CHECK(count_in(view, "unreadable") == 1);
  CHECK(count_in(view, "running") == 1);
}

TEST_CASE("a migration whose first record is damaged has a row all the same") {
  store::memory_log log;
  told_log story{log};
  story.request("movies");
  story.damage("cars@v2");
  store::memory_view view;
  project_all(log, view);
  CHECK(row_of(view, "cars@v2").version == 1);
  CHECK_FALSE(row_of(view, "cars@v2").unreadable.empty());
}

TEST_CASE("a row that cannot be decoded is made again from the log") {
  store::memory_log log;
  store::memory_view view;
  told_log story{log};
  const auto id = story.request("movies");
  project_all(log, view);
  const store::view_change spoilt{std::string{row_key} + id, "spoilt"};
  REQUIRE(view.commit({&spoilt, 1}, view.cursor()));
  story.succeed(id, "discover");
  project_all(log, view);
  CHECK(row_of(view, id).state == story.state_of(id));
}

TEST_CASE("a view of another log is built again") {
  store::memory_log longer, log;
  store::memory_view view;
  told_log before{longer}, story{log};
  before.complete("cars");
  project_all(longer, view);
  const auto id = story.request("movies");
  // Both memory logs have one id, so it is the cursor beyond the end that tells.
  REQUIRE_FALSE(is_view_of(view, log));
  REQUIRE(project_batch(log, view, 1000).value() == log.last_sequence());
  CHECK(is_view_of(view, log));
  CHECK(row_of(view, id).state == story.state_of(id));
  CHECK(count_in(view, "completed") == 0);
  CHECK_FALSE(view.get(std::string{row_key} + "cars@v2").value());
}

TEST_CASE("what waits stands by priority, and then in the order of its asking") {
  migration::state early, late, urgent;
  early.requested_at = test::midnight;
  late.requested_at = urgent.requested_at = test::midnight + std::chrono::hours{1};
  urgent.priority = 1;
  CHECK(wait_key_of("b@v2", urgent) < wait_key_of("a@v2", early));
  CHECK(wait_key_of("b@v2", early) < wait_key_of("a@v2", late));
  urgent.priority = -1;
  CHECK(wait_key_of("a@v2", late) < wait_key_of("a@v2", urgent));
  CHECK(id_in_wait_key(wait_key_of("a@v2", urgent)) == "a@v2");
}

TEST_CASE("what a projection takes in is told by type, once") {
  store::memory_log log;
  store::memory_view view;
  told_log story{log};
  story.complete("movies");
  story.damage(story.request("cars"));
  projection shadow{log, view};
  std::map<std::string, uint64_t> seen;
  const auto count = [&](std::string_view type, uint64_t more) { seen[std::string{type}] += more; };
  while (view.cursor() < log.last_sequence())
    REQUIRE(shadow.next(3, count));
  CHECK(seen["requested"] == 2);
  CHECK(seen["completed"] == 1);
  CHECK(seen["attempt_started"] == 4);
  CHECK(seen["unreadable"] == 1);
  REQUIRE(shadow.next(3, count));
  CHECK(seen["requested"] == 2);
}

TEST_CASE("rows that were kept lately are there once, and the oldest are forgotten") {
  recent_rows rows{2};
  for (uint64_t i = 1; i <= 5; ++i)
    rows.keep(std::to_string(i), view_row{.version = i});
  CHECK_FALSE(rows.take("1"));
  CHECK_FALSE(rows.take("2"));
  CHECK(rows.take("3")->version == 3);
  CHECK_FALSE(rows.take("3"));
  CHECK(rows.take("5")->version == 5);
  rows.clear();
  CHECK_FALSE(rows.take("4"));
}
