#include "store/log_cursor.hpp"
#include "support.hpp"

using namespace skein::store;
using namespace skein::store::test;

TEST_CASE("everything committed is there after a reopen") {
  temporary_folder folder;
  {
    auto log = value_of(open_log(folder.path()));
    const append batch[]
        = {{"a", 0, {"1", "2"}}, {"b", 0, {"3"}}, {"a", 9, {"never"}}, {"a", 2, {"4"}}};
    log->commit(batch);
    check(log->put_snapshot("a", {1, 3, "state"}));
    check(log->put_cursor("relay", 3));
  }
  auto log = value_of(open_log(folder.path()));
  CHECK(records_of(*log) == std::vector<std::string>{"1", "2", "3", "4"});
  CHECK(records_of(*log, "a") == std::vector<std::string>{"1", "2", "4"});
  CHECK(value_of(log->snapshot("a")) == snapshot{1, 3, "state"});
  CHECK(value_of(log->cursor("relay")) == 3);
  CHECK(commit_one(*log, {"a", 3, {"5"}}) == appended{5, 4});
}

TEST_CASE("a batch of appends is one write: a copy made at any moment has all of it or nothing") {
  temporary_folder folder;
  auto log = value_of(open_log(folder.path() / "log"));
  for (uint64_t batch = 0; batch < 5; ++batch) {
    std::vector<append> appends;
    for (int stream = 0; stream < 20; ++stream)
      appends.push_back({"stream-" + std::to_string(stream), batch, {std::to_string(batch)}});
    log->commit(appends);
  }
  copy_live(folder.path() / "log", folder.path() / "copy");
  const auto wal = newest_wal(folder.path() / "copy");
  const auto size = std::filesystem::file_size(wal);
  for (uint64_t cut = 0; cut < size; cut += 97) {
    std::filesystem::remove_all(folder.path() / "cut");
    copy_live(folder.path() / "copy", folder.path() / "cut");
    std::filesystem::resize_file(folder.path() / "cut" / wal.filename(), size - cut);
    auto found = value_of(open_log(folder.path() / "cut"));
    CHECK(found->last_sequence() % 20 == 0);
    const auto batches = found->last_sequence() / 20;
    for (auto stream : {"stream-0", "stream-19"})
      CHECK(value_of(found->stream_version(stream)) == batches);
  }
}

TEST_CASE("commits to streams not written to lately look them up on disk") {
  temporary_folder folder;
  log_options options;
  options.cached_versions_max = 2;
  auto log = value_of(open_log(folder.path(), options));
  for (uint64_t round = 0; round < 5; ++round)
    for (int stream = 0; stream < 20; ++stream)
      CHECK(commit_one(*log, {"s" + std::to_string(stream), round, {"x"}}).version == round + 1);
}

TEST_CASE("a batch of more streams than are remembered still meets its own appends") {
  temporary_folder folder;
  log_options options;
  options.cached_versions_max = 2;
  auto log = value_of(open_log(folder.path(), options));
  std::vector<append> batch;
  for (int stream = 0; stream < 20; ++stream)
    batch.push_back({"s" + std::to_string(stream), 0, {"x"}});
  batch.push_back({"s0", 0, {"never"}});
  batch.push_back({"s0", 1, {"y"}});
  auto answers = log->commit(batch);
  REQUIRE_FALSE(answers[20]);
  CHECK(answers[20].error().found_version == 1);
  CHECK(answers[21] == appended{21, 2});
  CHECK(records_of(*log, "s0") == std::vector<std::string>{"x", "y"});
}

TEST_CASE("a hundred thousand events are appended, found again and read") {
  temporary_folder folder;
  constexpr uint64_t streams = 1000, events = 100'000, per_batch = 500;
  log_options options;
  options.write_buffer_bytes = 1 << 20; // so that most of it is in table files
  {
    auto log = value_of(open_log(folder.path(), options));
    for (uint64_t done = 0; done < events; done += per_batch) {
      std::vector<append> batch;
      for (uint64_t i = done; i < done + per_batch; ++i)
        batch.push_back({"stream-" + std::to_string(i % streams),
                         i / streams,
                         {std::to_string(i + 1) + std::string(100, '.')}});
      for (auto& answer : log->commit(batch))
        REQUIRE(answer);
    }
  }
  auto log = value_of(open_log(folder.path(), options));
  CHECK(log->last_sequence() == events);
  log_cursor all{*log, 0};
  while (value_of(all.next(999,
                           [](const stored& record) {
                             return record.bytes.starts_with(std::to_string(record.sequence) + ".");
                           }))
         > 0) {
  }
  CHECK(all.position() == events);
  CHECK(records_of(*log, "stream-77").size() == events / streams);
  uint64_t listed = 0;
  check(log->streams("stream-", "", [&](const stream_info& stream) {
    ++listed;
    return stream.version == events / streams;
  }));
  CHECK(listed == streams);
}

TEST_CASE("after a write that failed the log takes nothing until it is opened anew") {
  temporary_folder folder;
  auto log = value_of(open_log(folder.path()));
  fill(*log, 5);
  const append batch[] = {{"s", 5, {std::string(64 << 10, 'x')}}, {"s", 0, {"y"}}, {"", 0, {"z"}}};
  std::vector<append_result> answers;
  {
    full_disk full;
    answers = log->commit(batch);
  }

  REQUIRE_FALSE(answers[0]);
  CHECK(answers[0].error().fault == append_fault::log_failed);
  CHECK(answers[1].error().fault == append_fault::log_failed);
  CHECK(answers[2].error().fault == append_fault::invalid);
  const append small{"t", 0, {"fits"}};
  auto later = log->commit({&small, 1});
  REQUIRE_FALSE(later[0]);
  CHECK(later[0].error().fault == append_fault::log_failed);
  CHECK_THAT(later[0].error().what, Catch::Contains("restart"));
  CHECK(log->last_sequence() == 5);
  CHECK(records_of(*log).size() == 5);

  log.reset();
  log = value_of(open_log(folder.path()));
  CHECK(records_of(*log) == std::vector<std::string>{"1", "2", "3", "4", "5"});
  CHECK(commit_one(*log, small) == appended{6, 1});
}
