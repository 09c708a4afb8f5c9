#include "logs_under_test.hpp"
#include "store/names.hpp"

using namespace skein::store;
using namespace skein::store::test;

namespace {

append_error refused(const append_result& answer) {
  REQUIRE_FALSE(answer);
  return answer.error();
}

} // namespace

TEMPLATE_TEST_CASE("sequences are dense over the log and versions in a stream", "", on_rocksdb,
                   in_memory) {
  TestType under_test;
  auto& log = *under_test.log;
  CHECK(log.last_sequence() == 0);
  CHECK(commit_one(log, {"orders@2", 0, {"a", "b", "c"}}) == appended{1, 3});
  CHECK(commit_one(log, {"users@5", 0, {"d"}}) == appended{4, 1});
  CHECK(commit_one(log, {"orders@2", 3, {"e"}}) == appended{5, 4});
  CHECK(log.last_sequence() == 5);
  CHECK(records_of(log) == std::vector<std::string>{"a", "b", "c", "d", "e"});
  CHECK(records_of(log, "orders@2") == std::vector<std::string>{"a", "b", "c", "e"});
  CHECK(value_of(log.stream_version("orders@2")) == 4);
  CHECK(value_of(log.stream_version("orders")) == 0);
}

TEMPLATE_TEST_CASE("a conflict names both versions and lets the others through", "", on_rocksdb,
                   in_memory) {
  TestType under_test;
  auto& log = *under_test.log;
  commit_one(log, {"s", 0, {"1"}});
  const append batch[]
      = {{"r", 0, {"2"}}, {"s", 0, {"never"}}, {"s", 7, {"never"}}, {"t", 0, {"3"}}};
  auto answers = log.commit(batch);
  REQUIRE(answers.size() == 4);
  CHECK(answers[0] == appended{2, 1});
  CHECK(answers[3] == appended{3, 1});
  for (int i : {1, 2}) {
    auto error = refused(answers[i]);
    CHECK(error.fault == append_fault::conflict);
    CHECK(error.found_version == 1);
    CHECK_THAT(error.what, Catch::Contains("stream s"));
    CHECK_THAT(error.what, Catch::Contains("version " + std::to_string(batch[i].expected_version)));
    CHECK_THAT(error.what, Catch::Contains("is at 1"));
  }
  CHECK(records_of(log) == std::vector<std::string>{"1", "2", "3"});
}

TEMPLATE_TEST_CASE("two appends to one stream in a batch are checked in order", "", on_rocksdb,
                   in_memory) {
  TestType under_test;
  auto& log = *under_test.log;
  const append batch[]
      = {{"s", 0, {"a", "b"}}, {"s", 0, {"never"}}, {"s", 2, {"c"}}, {"s", 3, {"d"}}};
  auto answers = log.commit(batch);
  CHECK(answers[0] == appended{1, 2});
  CHECK(refused(answers[1]).found_version == 2);
  CHECK(answers[2] == appended{3, 3});
  CHECK(answers[3] == appended{4, 4});
  CHECK(records_of(log, "s") == std::vector<std::string>{"a", "b", "c", "d"});
}

TEMPLATE_TEST_CASE("an append that can never be stored is invalid and harms no other", "",
                   on_rocksdb, in_memory) {
  TestType under_test;
  auto& log = *under_test.log;
  const append batch[] = {
      {"", 0, {"x"}},
      {std::string("a\0b", 3), 0, {"x"}},
      {std::string(name_bytes_max + 1, 's'), 0, {"x"}},
      {"empty", 0, {}},
      {"long", 0, {"x", std::string(record_bytes_max + 1, 'r')}},
      {std::string(name_bytes_max, 's'), 0, {""}},
  };
  auto answers = log.commit(batch);
  for (size_t i = 0; i < 5; ++i)
    CHECK(refused(answers[i]).fault == append_fault::invalid);
  CHECK_THAT(refused(answers[4]).what, Catch::Contains("record 2"));
  CHECK(answers[5] == appended{1, 1});
  CHECK(records_of(log) == std::vector<std::string>{""});
  CHECK(log.commit({}).empty());
}

TEMPLATE_TEST_CASE("records are opaque: any bytes come back as they were", "", on_rocksdb,
                   in_memory) {
  TestType under_test;
  auto& log = *under_test.log;
  std::string all_bytes;
  for (int byte = 0; byte < 256; ++byte)
    all_bytes += static_cast<char>(byte);
  commit_one(log, {"\xff\xfe s\x01", 0, {all_bytes, std::string(1 << 20, '\0')}});
  CHECK(records_of(log, "\xff\xfe s\x01")
        == std::vector<std::string>{all_bytes, std::string(1 << 20, '\0')});
}

TEST_CASE("a memory log can be told to fail, and then stays failed") {
  memory_log log;
  commit_one(log, {"s", 0, {"1"}});
  log.fail_commits("the test says so");
  const append next{"s", 1, {"2"}};
  for (int attempt = 0; attempt < 2; ++attempt) {
    auto error = refused(log.commit({&next, 1})[0]);
    CHECK(error.fault == append_fault::log_failed);
    CHECK_THAT(error.what, Catch::Contains("the test says so"));
  }
  CHECK(records_of(log) == std::vector<std::string>{"1"});
}
