#include "store/metadata_store.hpp"
#include "store/view_store.hpp"
#include "support.hpp"

#include <atomic>
#include <thread>

using namespace skein::store;
using namespace skein::store::test;
using Catch::Contains;

namespace {

struct fixture {
  temporary_folder folder;
  std::filesystem::path path = folder.path() / "metadata";
  std::unique_ptr<metadata_store> store = value_of(open_metadata_store(path));

  void reopen() {
    store.reset();
    store = value_of(open_metadata_store(path));
  }

  document_outcome apply(const std::vector<document_change>& changes) {
    return value_of(store->apply(changes));
  }

  std::vector<std::string> ids(std::string_view kind, std::string_view after = "",
                               uint64_t limit = UINT64_MAX) {
    std::vector<std::string> found;
    check(store->scan(kind, after, limit, [&](std::string_view id, const document& kept) {
      CHECK(value_of(store->get(kind, id)) == kept);
      found.emplace_back(id);
      return true;
    }));
    return found;
  }
};

using ids_type = std::vector<std::string>;

} // namespace

TEST_CASE_METHOD(fixture, "a document comes back with its revision, also after a reopen") {
  CHECK_FALSE(value_of(store->get("dataset", "orders")));
  const auto first = value_of(store->put("dataset", "orders", R"({"v":1})"));
  CHECK(first >= 1);
  CHECK(value_of(store->get("dataset", "orders")) == document{R"({"v":1})", first});
  reopen();
  CHECK(value_of(store->get("dataset", "orders")) == document{R"({"v":1})", first});
  const auto second = value_of(store->put("dataset", "orders", "{}"));
  CHECK(second > first);
  CHECK_FALSE(value_of(store->get("owner", "orders")));
}

TEST_CASE_METHOD(fixture, "a set against an old revision answers the one that is there") {
  auto created = value_of(store->compare_and_set("dataset", "a", 0, "1"));
  REQUIRE(created.written);
  auto again = value_of(store->compare_and_set("dataset", "a", 0, "never"));
  CHECK_FALSE(again.written);
  CHECK(again.revision == created.revision);
  auto changed = value_of(store->compare_and_set("dataset", "a", created.revision, "2"));
  REQUIRE(changed.written);
  CHECK_FALSE(value_of(store->compare_and_set("dataset", "a", created.revision, "never")).written);
  CHECK(value_of(store->get("dataset", "a")) == document{"2", changed.revision});
  auto absent = value_of(store->compare_and_set("dataset", "b", 5, "never"));
  CHECK_FALSE(absent.written);
  CHECK(absent.revision == 0);
}

TEST_CASE_METHOD(fixture, "a document erased and written again has a revision never seen before") {
  const auto first = value_of(store->put("dataset", "a", "1"));
  REQUIRE(apply({{"dataset", "a", std::nullopt, first}}).written);
  CHECK_FALSE(value_of(store->get("dataset", "a")));
  reopen();
  CHECK(value_of(store->put("dataset", "a", "1")) > first + 1);
  CHECK_FALSE(value_of(store->compare_and_set("dataset", "a", first, "2")).written);
}

TEST_CASE_METHOD(fixture, "an import is made as a whole or not at all") {
  const auto there = value_of(store->put("dataset", "b", "old"));
  auto refused = apply(
      {{"dataset", "a", "new", 0}, {"dataset", "b", "new", there + 7}, {"owner", "o", "new"}});
  CHECK_FALSE(refused.written);
  CHECK(refused.conflict == 1);
  CHECK(refused.revision == there);
  CHECK_FALSE(value_of(store->get("dataset", "a")));
  CHECK(value_of(store->get("dataset", "b"))->bytes == "old");

  auto made = apply(
      {{"dataset", "a", "new", 0}, {"dataset", "b", std::nullopt, there}, {"owner", "o", "new"}});
  REQUIRE(made.written);
  reopen();
  CHECK(value_of(store->get("dataset", "a")) == document{"new", made.revision});
  CHECK(value_of(store->get("owner", "o")) == document{"new", made.revision});
  CHECK_FALSE(value_of(store->get("dataset", "b")));
}

TEST_CASE_METHOD(fixture, "changes to one document in one import are checked in order") {
  auto refused = apply({{"d", "a", "1", 0}, {"d", "a", "2", 0}});
  CHECK_FALSE(refused.written);
  CHECK(refused.conflict == 1);
  REQUIRE(apply({{"d", "a", "1", 0}, {"d", "a", std::nullopt}, {"d", "a", "2", 0}}).written);
  CHECK(value_of(store->get("d", "a"))->bytes == "2");
}

TEST_CASE_METHOD(fixture, "a scan keeps to its kind, its start and its limit") {
  for (auto id : {"b", "a", "ab"})
    value_of(store->put("dataset", id, id));
  value_of(store->put("datasets", "x", "x"));
  value_of(store->put("data", "y", "y"));
  CHECK(ids("dataset") == ids_type{"a", "ab", "b"});
  CHECK(ids("dataset", "a") == ids_type{"ab", "b"});
  CHECK(ids("dataset", "a", 1) == ids_type{"ab"});
  CHECK(ids("dataset", "b").empty());
  CHECK(ids("data") == ids_type{"y"});
  CHECK(ids("unknown").empty());
}

TEST_CASE_METHOD(fixture, "many documents are read at once, in the order they were asked for") {
  for (auto id : {"b", "a", "c"})
    value_of(store->put("dataset", id, id));
  value_of(store->put("owner", "d", "x"));
  const std::vector<std::string> wanted{"c", "d", "a", "c"};
  const auto found = value_of(store->get_all("dataset", wanted));
  REQUIRE(found.size() == wanted.size());
  CHECK_FALSE(found[1]);
  for (std::size_t i : {0, 2, 3})
    CHECK(found[i] == value_of(store->get("dataset", wanted[i])));
  CHECK(value_of(store->get_all("dataset", {})).empty());
}

TEST_CASE_METHOD(fixture, "names that cannot be keys are refused, and nothing is written") {
  for (const auto& bad : {std::string{}, std::string("a\0b", 3), std::string(5000, 'x')}) {
    CHECK_FALSE(store->put(bad, "id", "x"));
    CHECK_FALSE(store->put("kind", bad, "x"));
  }
  CHECK_FALSE(store->apply(std::vector<document_change>{{"d", "a", "1"}, {"d", "", "2"}}));
  CHECK_FALSE(value_of(store->get("d", "a")));
}

TEST_CASE_METHOD(fixture, "two threads that count by compare and set lose no step") {
  value_of(store->put("counter", "c", "0"));
  constexpr int steps = 100;
  std::atomic<bool> failed = false;
  auto count = [&] {
    for (int done = 0; done < steps && !failed;) {
      auto found = store->get("counter", "c");
      if (!found || !*found) {
        failed = true;
        return;
      }
      auto next = std::to_string(std::stoi((*found)->bytes) + 1);
      auto set = store->compare_and_set("counter", "c", (*found)->revision, next);
      failed = failed || !set;
      done += set && set->written;
    }
  };
  std::thread other{count};
  count();
  other.join();
  CHECK_FALSE(failed);
  CHECK(value_of(store->get("counter", "c"))->bytes == std::to_string(2 * steps));
}

TEST_CASE_METHOD(fixture, "damage in the middle of the documents is refused") {
  for (int i = 0; i < 50; ++i)
    value_of(store->put("dataset", std::to_string(i), std::string(100, 'x')));
  const auto copy = folder.path() / "copy";
  copy_live(path, copy);
  auto wal = newest_wal(copy);
  auto bytes = read_file(wal);
  bytes.at(bytes.find("xxxxxxxx", bytes.size() / 2)) ^= 1; // inside a document
  write_file(wal, bytes);
  CHECK_THAT(failure_of(open_metadata_store(copy)),
             Contains("metadata store") && Contains(wal.filename().string()));
}

TEST_CASE_METHOD(fixture, "a view's folder is not taken for documents") {
  value_of(open_view(folder.path() / "view"));
  CHECK_THAT(failure_of(open_metadata_store(folder.path() / "view")),
             Contains("skein view 1") && Contains("name another folder"));
}

TEST_CASE_METHOD(fixture, "after a write that failed nothing is written until a reopen") {
  const auto first = value_of(store->put("dataset", "a", "1"));
  {
    full_disk full;
    CHECK_FALSE(store->put("dataset", "a", std::string(64 << 10, 'x')));
  }
  CHECK_THAT(failure_of(store->put("dataset", "a", "2")), Contains("opened anew"));
  CHECK(value_of(store->get("dataset", "a")) == document{"1", first});
  reopen();
  CHECK(value_of(store->get("dataset", "a")) == document{"1", first});
  CHECK(value_of(store->put("dataset", "a", "2")) > first);
}
