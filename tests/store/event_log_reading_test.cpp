#include "logs_under_test.hpp"
#include "store/log_cursor.hpp"

#include <atomic>
#include <thread>

using namespace skein::store;
using namespace skein::store::test;

namespace {

const record_visitor take_all = [](const stored&) { return true; };

std::vector<std::string> stream_ids(const log_reader& log, std::string_view prefix,
                                    std::string_view after, size_t limit = SIZE_MAX) {
  std::vector<std::string> found;
  check(log.streams(prefix, after, [&](const stream_info& stream) {
    found.emplace_back(stream.id);
    return found.size() < limit;
  }));
  return found;
}

} // namespace

TEMPLATE_TEST_CASE("a read stops at its limit, at the visitor's word, or at the end", "",
                   on_rocksdb, in_memory) {
  TestType under_test;
  auto& log = *under_test.log;
  CHECK(value_of(log.read(1, no_limit, take_all)) == 1);
  fill(log, 10);
  CHECK(value_of(log.read(1, no_limit, take_all)) == 11);
  CHECK(value_of(log.read(0, 4, take_all)) == 5);
  CHECK(value_of(log.read(5, 4, take_all)) == 9);
  CHECK(value_of(log.read(11, 4, take_all)) == 11);
  CHECK(value_of(log.read(99, 4, take_all)) == 99);
  CHECK(value_of(log.read(3, 0, take_all)) == 3);
  auto until_six = [](const stored& record) { return record.sequence < 6; };
  CHECK(value_of(log.read(2, no_limit, until_six)) == 6);
}

TEMPLATE_TEST_CASE("a stream can be read from inside an append", "", on_rocksdb, in_memory) {
  TestType under_test;
  auto& log = *under_test.log;
  commit_one(log, {"s", 0, {"1", "2", "3"}});
  commit_one(log, {"sa", 0, {"other"}});
  commit_one(log, {"s", 3, {"4", "5"}});
  for (uint64_t from = 0; from <= 7; ++from) {
    std::vector<uint64_t> versions;
    auto next = value_of(log.read_stream("s", from, [&](uint64_t version, const stored& record) {
      CHECK(record.bytes == std::to_string(version));
      CHECK(record.sequence == (version <= 3 ? version : version + 1));
      versions.push_back(version);
      return true;
    }));
    const auto first = std::max<uint64_t>(from, 1);
    CHECK(versions.size() == (first > 5 ? 0 : 6 - first));
    CHECK(next == std::max<uint64_t>(first, 6));
  }
  CHECK(value_of(log.read_stream("s", 2, [](uint64_t version, auto&) { return version < 4; }))
        == 4);
  CHECK(records_of(log, "unknown").empty());
}

TEMPLATE_TEST_CASE("streams are listed in order, by prefix, and from a place", "", on_rocksdb,
                   in_memory) {
  TestType under_test;
  auto& log = *under_test.log;
  for (auto id : {"b", "a", "ab", "a\x01", "c\xff", "c"})
    commit_one(log, {id, 0, {"x"}});
  commit_one(log, {"a", 1, {"y", "z"}});
  using ids = std::vector<std::string>;
  CHECK(stream_ids(log, "", "") == ids{"a", "a\x01", "ab", "b", "c", "c\xff"});
  CHECK(stream_ids(log, "a", "") == ids{"a", "a\x01", "ab"});
  CHECK(stream_ids(log, "a", "a") == ids{"a\x01", "ab"});
  CHECK(stream_ids(log, "c", "b") == ids{"c", "c\xff"});
  CHECK(stream_ids(log, "", "aa") == ids{"ab", "b", "c", "c\xff"});
  CHECK(stream_ids(log, "", "", 2) == ids{"a", "a\x01"});
  CHECK(stream_ids(log, "d", "").empty());
  CHECK(stream_ids(log, "a", "b").empty());
  check(log.streams("a", "", [](const stream_info& stream) {
    CHECK(stream.version == 3);
    CHECK(stream.last_sequence == 8);
    return false;
  }));
}

TEMPLATE_TEST_CASE("a snapshot is replaced, and one ahead of its stream is not handed out", "",
                   on_rocksdb, in_memory) {
  TestType under_test;
  auto& log = *under_test.log;
  CHECK_FALSE(value_of(log.snapshot("s")));
  fill(log, 3);
  check(log.put_snapshot("s", {7, 2, "two"}));
  CHECK(value_of(log.snapshot("s")) == snapshot{7, 2, "two"});
  check(log.put_snapshot("s", {8, 3, std::string("\0three", 6)}));
  CHECK(value_of(log.snapshot("s")) == snapshot{8, 3, std::string("\0three", 6)});
  check(log.put_snapshot("s", {8, 4, "of records that are not there"}));
  CHECK_FALSE(value_of(log.snapshot("s")));
  check(log.put_snapshot("unknown", {1, 1, ""}));
  CHECK_FALSE(value_of(log.snapshot("unknown")));
  CHECK_FALSE(log.put_snapshot("", {1, 1, ""}));
}

TEMPLATE_TEST_CASE("a relay goes on where its cursor stands", "", on_rocksdb, in_memory) {
  TestType under_test;
  auto& log = *under_test.log;
  fill(log, 5);
  CHECK(value_of(log.cursor("relay")) == 0);
  log_cursor at{log, value_of(log.cursor("relay"))};
  CHECK(value_of(at.next(2, take_all)) == 2);
  CHECK(at.position() == 2);
  auto broken_at_four = [](const stored& record) { return record.sequence != 4; };
  CHECK(value_of(at.next(10, broken_at_four)) == 1);
  check(log.put_cursor("relay", at.position()));
  CHECK(value_of(log.cursor("relay")) == 3);
  CHECK(value_of(log.cursor("other")) == 0);

  log_cursor resumed{log, value_of(log.cursor("relay"))};
  std::vector<std::string> rest;
  value_of(resumed.next(10, [&](const stored& record) {
    rest.emplace_back(record.bytes);
    return true;
  }));
  CHECK(rest == std::vector<std::string>{"4", "5"});
  CHECK(value_of(resumed.next(10, take_all)) == 0);
}

TEMPLATE_TEST_CASE("a cursor is never beyond the end of the log", "", on_rocksdb, in_memory) {
  TestType under_test;
  auto& log = *under_test.log;
  fill(log, 2);
  check(log.put_cursor("relay", 9));
  CHECK(value_of(log.cursor("relay")) == 2);
  CHECK_FALSE(log.put_cursor("", 1));
}

TEMPLATE_TEST_CASE("readers see whole commits while one thread writes", "", on_rocksdb, in_memory) {
  TestType under_test;
  auto& log = *under_test.log;
  std::atomic<bool> done = false;
  std::atomic<bool> torn = false;
  std::thread reader{[&] {
    while (!done) {
      uint64_t version = 0;
      auto end = log.read_stream("pair", 1, [&](uint64_t v, const stored&) {
        version = v;
        return true;
      });
      auto known = log.stream_version("pair");
      const auto last = log.last_sequence();
      auto next = log.read(1, no_limit, [](const stored&) { return true; });
      torn = torn || !end || version % 2 != 0 || !known || *known < version || !next
             || *next <= last;
    }
  }};
  for (uint64_t version = 0; version < 400; version += 2)
    commit_one(log, {"pair", version, {"left", "right"}});
  done = true;
  reader.join();
  CHECK_FALSE(torn);
}
