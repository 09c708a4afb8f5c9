#include "store/event_log.hpp"
#include "store/memory_view.hpp"
#include "support.hpp"

using namespace skein::store;
using namespace skein::store::test;
using Catch::Contains;

namespace {

struct view_on_rocksdb {
  temporary_folder folder;
  std::unique_ptr<view_store> view = value_of(open_view(folder.path() / "view"));
};

struct view_in_memory {
  std::unique_ptr<view_store> view = std::make_unique<memory_view>();
};

void commit(view_store& view, std::vector<view_change> changes, uint64_t cursor) {
  check(view.commit(changes, cursor));
}

std::vector<std::string> rows_of(const view_reader& view, std::string_view prefix,
                                 std::string_view after, uint64_t limit) {
  std::vector<std::string> found;
  check(view.scan(prefix, after, limit, [&](std::string_view key, std::string_view row) {
    found.push_back(std::string{key} + "=" + std::string{row});
    return true;
  }));
  return found;
}

} // namespace

using rows = std::vector<std::string>;

TEMPLATE_TEST_CASE("rows are put, replaced and erased, and the cursor goes with them", "",
                   view_on_rocksdb, view_in_memory) {
  TestType under_test;
  auto& view = *under_test.view;
  CHECK(view.cursor() == 0);
  CHECK_FALSE(value_of(view.get("a")));
  commit(view, {{"a", "1"}, {"b", "2"}, {"c", ""}}, 7);
  CHECK(view.cursor() == 7);
  CHECK(value_of(view.get("a")) == "1");
  CHECK(value_of(view.get("c")) == "");
  commit(view, {{"a", "3"}, {"b", std::nullopt}, {"unknown", std::nullopt}}, 9);
  CHECK(view.cursor() == 9);
  CHECK(rows_of(view, "", "", UINT64_MAX) == rows{"a=3", "c="});
}

TEMPLATE_TEST_CASE("a scan keeps to its prefix, its start and its limit", "", view_on_rocksdb,
                   view_in_memory) {
  TestType under_test;
  auto& view = *under_test.view;
  CHECK(rows_of(view, "", "", UINT64_MAX).empty());
  commit(view, {{"a", "1"}, {"ab", "2"}, {"b", "3"}, {"b\xff", "4"}, {"c", "5"}}, 1);
  CHECK(rows_of(view, "", "", UINT64_MAX) == rows{"a=1", "ab=2", "b=3", "b\xff=4", "c=5"});
  CHECK(rows_of(view, "b", "", UINT64_MAX) == rows{"b=3", "b\xff=4"});
  CHECK(rows_of(view, "", "a", 2) == rows{"ab=2", "b=3"});
  CHECK(rows_of(view, "", "aa", 1) == rows{"ab=2"});
  CHECK(rows_of(view, "b", "b", UINT64_MAX) == rows{"b\xff=4"});
  CHECK(rows_of(view, "b", "a", UINT64_MAX) == rows{"b=3", "b\xff=4"});
  CHECK(rows_of(view, "b", "c", UINT64_MAX).empty());
  CHECK(rows_of(view, "", "", 0).empty());
  int visited = 0;
  check(view.scan("", "", UINT64_MAX, [&](auto, auto) { return ++visited < 2; }));
  CHECK(visited == 2);
}

TEMPLATE_TEST_CASE("many rows are read at once, in the order they were asked for", "",
                   view_on_rocksdb, view_in_memory) {
  TestType under_test;
  auto& view = *under_test.view;
  commit(view, {{"a", "1"}, {"b", ""}}, 1);
  using found = std::vector<std::optional<std::string>>;
  const std::vector<std::string> keys{"b", "unknown", "a", "b"};
  CHECK(value_of(view.get_all(keys)) == found{"", std::nullopt, "1", ""});
  CHECK(value_of(view.get_all({})).empty());
}

TEST_CASE("a view is found again after a reopen, rows and cursor alike") {
  temporary_folder folder;
  commit(*value_of(open_view(folder.path())), {{"a", "1"}}, 5);
  auto view = value_of(open_view(folder.path()));
  CHECK(view->cursor() == 5);
  CHECK(value_of(view->get("a")) == "1");
}

TEST_CASE("wherever a crash cuts a view, its cursor says what its rows hold") {
  temporary_folder folder;
  auto view = value_of(open_view(folder.path() / "view"));
  for (uint64_t cursor = 1; cursor <= 20; ++cursor)
    commit(*view, {{"left", std::to_string(cursor)}, {"right", std::to_string(cursor)}}, cursor);
  const auto wal = newest_wal(folder.path() / "view");
  const auto size = std::filesystem::file_size(wal);
  const auto cut = folder.path() / "cut";
  for (uint64_t lost = 0; lost < size; lost += 61) {
    std::filesystem::remove_all(cut);
    copy_live(folder.path() / "view", cut);
    std::filesystem::resize_file(cut / wal.filename(), size - lost);
    auto found = value_of(open_view(cut));
    auto expected_row
        = found->cursor() == 0 ? std::nullopt : std::optional{std::to_string(found->cursor())};
    CHECK(value_of(found->get("left")) == expected_row);
    CHECK(value_of(found->get("right")) == expected_row);
  }
}

TEST_CASE("a view can be read beside its writer, as it is at that moment") {
  temporary_folder folder;
  auto view = value_of(open_view(folder.path()));
  commit(*view, {{"a", "1"}}, 1);
  auto reader = value_of(open_view_read_only(folder.path()));
  commit(*view, {{"a", "2"}}, 2);
  CHECK(reader->cursor() == 1);
  CHECK(value_of(reader->get("a")) == "1");
  CHECK(value_of(open_view_read_only(folder.path()))->cursor() == 2);
  CHECK_THAT(failure_of(open_view(folder.path())), Contains("already open"));
}

TEST_CASE("a folder that holds something else is not taken for a view") {
  temporary_folder folder;
  CHECK_THAT(failure_of(open_view_read_only(folder.path())), Contains("there is no view"));
  value_of(open_log(folder.path() / "log"));
  CHECK_THAT(failure_of(open_view(folder.path() / "log")), Contains("column family"));
}
