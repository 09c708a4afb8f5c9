// What agents said lately: kept in order, and no more than so much of it.
#include "actors/api/line_book.hpp"
#include "told_log.hpp"

#include <nlohmann/json.hpp>

using namespace skein;
using namespace skein::actors;
using namespace std::chrono_literals;
using nlohmann::json;
using test::midnight;

namespace {

bus::agent_line line(const std::string& migration, const std::string& text,
                     const std::string& stream = "stdout", double share = -1) {
  return {migration, "copy", 1, "copier", "w1", stream, text, share};
}

std::vector<std::string> texts(const line_book& book, const std::string& migration,
                               uint64_t after = 0, std::size_t limit = 1000) {
  std::vector<std::string> result;
  for (const auto& each : book.of(migration, after, limit))
    result.push_back(each.what.text);
  return result;
}

json page(const line_book& book, const std::string& migration, const query_parameters& query) {
  const auto answer = lines_of(book, migration, query);
  REQUIRE(answer.status == 200);
  return json::parse(answer.body);
}

using words = std::vector<std::string>;

} // namespace

TEST_CASE("lines are kept by migration, in their order, and read on from where one was") {
  line_book book;
  for (const auto* text : {"one", "two", "three"})
    book.hear(line("movies@v2", text), midnight);
  book.hear(line("cars@v2", "other"), midnight);
  book.hear(line("", "of no migration"), midnight);
  CHECK(texts(book, "movies@v2") == words{"one", "two", "three"});
  CHECK(texts(book, "movies@v2", 0, 2) == words{"two", "three"});
  CHECK(texts(book, "nothing@v2").empty());
  const auto place = book.of("movies@v2", 0, 1000)[1].sequence;
  CHECK(texts(book, "movies@v2", place) == words{"three"});
}

TEST_CASE("a reader's place is good also after a restart") {
  line_book before, after;
  before.hear(line("movies@v2", "old"), midnight);
  before.hear(line("movies@v2", "old"), midnight - 1h); // clocks may be set back
  const auto place = before.of("movies@v2", 0, 1000).back().sequence;
  after.hear(line("movies@v2", "new"), midnight + 1s);
  CHECK(texts(after, "movies@v2", place) == words{"new"});
}

TEST_CASE("how far a run is replaces what it said of that just before") {
  line_book book;
  book.hear(line("movies@v2", "1 of 3", "progress", 0.3), midnight);
  book.hear(line("movies@v2", "2 of 3", "progress", 0.6), midnight);
  book.hear(line("movies@v2", "a word"), midnight);
  book.hear(line("movies@v2", "3 of 3", "progress", 1), midnight);
  auto next = line("movies@v2", "1 of 9", "progress", 0.1);
  next.attempt = 2;
  book.hear(next, midnight);
  CHECK(texts(book, "movies@v2") == words{"2 of 3", "a word", "3 of 3", "1 of 9"});
}

TEST_CASE("one that says much keeps its newest lines, and takes nothing from the others") {
  line_book book{{.lines = 10, .bytes = 100'000, .all_bytes = 1'000'000}};
  book.hear(line("cars@v2", "here"), midnight);
  for (int i = 0; i < 1000; ++i)
    book.hear(line("movies@v2", std::to_string(i)), midnight);
  CHECK(texts(book, "movies@v2").size() == 10);
  CHECK(texts(book, "movies@v2").front() == "990");
  CHECK(texts(book, "cars@v2") == words{"here"});
  for (int i = 0; i < 100; ++i)
    book.hear(line("movies@v2", std::string(9000, 'x')), midnight);
  const auto kept = texts(book, "movies@v2");
  CHECK(kept.size() == 10);
  CHECK(kept.back().size() == 8192);
}

TEST_CASE("when there is too much in all, those that were silent longest are forgotten") {
  line_book book{{.lines = 10, .bytes = 10'000, .all_bytes = 20'000}};
  for (int i = 0; i < 100; ++i) {
    book.hear(line("chatty@v2", "still here"), midnight);
    book.hear(line("set" + std::to_string(i) + "@v2", std::string(1000, 'x')), midnight);
  }
  CHECK(texts(book, "chatty@v2").size() == 10);
  CHECK(texts(book, "set0@v2").empty());
  CHECK(texts(book, "set99@v2").size() == 1);
}

TEST_CASE("lines are answered with who said them, safe for a terminal") {
  line_book book;
  book.hear(line("movies@v2", "red \x1b[31m"), midnight);
  book.hear(line("movies@v2", "half", "progress", 0.5), midnight);
  const auto all = page(book, "movies@v2", {});
  REQUIRE(all["lines"].size() == 2);
  const auto& first = all["lines"][0];
  CHECK(first["text"].get<std::string>().find('\x1b') == std::string::npos);
  CHECK(first["step"] == "copy");
  CHECK(first["agent"] == "copier");
  CHECK(first["worker"] == "w1");
  CHECK(first["stream"] == "stdout");
  CHECK(first["at"] == "2026-03-01T00:00:00.000000Z");
  CHECK(first["progress"].is_null());
  CHECK(all["lines"][1]["progress"] == 0.5);
  const auto next = all["next"].get<uint64_t>();
  CHECK(page(book, "movies@v2", {{"after", std::to_string(next)}})
        == json{{"lines", json::array()}, {"next", next}});
  CHECK(page(book, "movies@v2", {{"limit", "1"}})["lines"].size() == 1);
  CHECK(lines_of(book, "movies@v2", {{"step", "copy"}}).status == 400);
  CHECK(lines_of(book, "movies@v2", {{"limit", "-1"}}).status == 400);
}
