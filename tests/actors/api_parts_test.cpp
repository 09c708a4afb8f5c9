#include "actors/api/attempt_token.hpp"
#include "actors/api/idempotency_book.hpp"
#include "actors/api/metrics.hpp"
#include "actors/api/newest_note.hpp"
#include "actors/api/progress_book.hpp"
#include "actors/api/rate_limiter.hpp"
#include "actors/api/router.hpp"
#include "actors/api/secret.hpp"
#include "actors/api/token_book.hpp"
#include "actors/api/token_file.hpp"
#include "actors/api/work_queue.hpp"
#include "store/encodings.hpp"
#include "store/heads_file.hpp"
#include "temporary_folder.hpp"
#include "told_log.hpp"

#include <filesystem>
#include <fstream>
#include <future>
#include <nlohmann/json.hpp>
#include <sys/stat.h>

using namespace skein;
using namespace skein::actors;
using namespace std::chrono_literals;
using test::midnight;
using test::temporary_folder;

using words = std::vector<std::string>;

// -- routes -------------------------------------------------------------------------------------

TEST_CASE("a pattern's placeholder takes any text, with slashes in it") {
  CHECK(fit("/v1/status", "/v1/status") == words{});
  CHECK_FALSE(fit("/v1/status", "/v1/status/"));
  CHECK(fit("/v1/migrations/{id}", "/v1/migrations/a/b@v2") == words{"a/b@v2"});
  CHECK(fit("/v1/migrations/{id}/events", "/v1/migrations/a/events@v2/events")
        == words{"a/events@v2"});
  CHECK_FALSE(fit("/v1/migrations/{id}/events", "/v1/migrations/a/events@v2"));
  CHECK_FALSE(fit("/v1/migrations/{id}", "/v1/migrations/"));
  CHECK(fit("/d/{a}/c/{b}", "/d/x/c/y") == words{"x", "y"});
  CHECK_FALSE(fit("/d/{a}/c/{b}", "/d/x/c/"));
}

TEST_CASE("a path that does not take a method says which it takes") {
  const api_routes routes{
      {{"GET", "/a", 0, {}}, {"POST", "/a/{x}/go", 0, {}}, {"GET", "/a/{x}", 0, {}}}};
  CHECK(routes.find("GET", "/a").route != nullptr);
  CHECK(routes.find("HEAD", "/a").route == routes.find("GET", "/a").route);
  CHECK(routes.find("POST", "/a").route == nullptr);
  CHECK(routes.find("POST", "/a").allowed == "GET, HEAD");
  CHECK(routes.find("GET", "/a/1/go").allowed == "POST");
  CHECK(routes.find("GET", "/b").allowed.empty());
}

// -- tokens -------------------------------------------------------------------------------------

TEST_CASE("a token is shown once, kept as its hash, and gone when revoked") {
  const temporary_folder folder;
  const auto file = folder.path() / "deep" / "tokens.json";
  CHECK(read_tokens(file).value().empty());
  const auto made = create_token(file, "ann", role::operator_, midnight).value();
  CHECK(made.text.starts_with("skein_"));
  CHECK(made.text.size() == 6 + 43);
  CHECK(made.entry.sha256 == hash_of(made.text));
  std::ifstream in{file};
  const std::string text{std::istreambuf_iterator<char>{in}, {}};
  CHECK(text.find(made.text) == std::string::npos);
  CHECK_FALSE(create_token(file, "ann", role::viewer, midnight));
  CHECK_FALSE(create_token(file, "a b", role::viewer, midnight));
  CHECK_FALSE(create_token(file, "", role::viewer, midnight));
  REQUIRE(create_token(file, "bob", role::viewer, midnight));
  CHECK(read_tokens(file).value().size() == 2);
  CHECK(revoke_token(file, made.entry.id()).value().name == "ann");
  CHECK_FALSE(revoke_token(file, "ann"));
  CHECK(read_tokens(file).value().front().may == role::viewer);
}

TEST_CASE("a file of tokens that makes no sense lets nobody in") {
  const temporary_folder folder;
  const auto file = folder.path() / "tokens.json";
  token_book book{file, {{"skein_own", {"", role::admin}}, {"", {"", role::admin}}}};
  CHECK_FALSE(book.is_required());
  const auto made = create_token(file, "ann", role::viewer, midnight).value();
  CHECK(book.is_required());
  CHECK(book.find(made.text).value().name == "ann");
  CHECK(book.find("skein_own").value().may == role::admin);
  CHECK_FALSE(book.find(""));
  const auto* text = GENERATE("", "{}", "[]", R"({"tokens":7})", R"({"tokens":[{}]})",
                              R"({"tokens":[{"name":"a","role":"king","sha256":"00"}]})",
                              R"({"tokens":[{"name":"a","role":"admin","sha256":"zz"}]})");
  std::ofstream{file} << text;
  CHECK(book.is_required());
  CHECK_FALSE(book.find(made.text));
  CHECK(book.find("skein_own"));
  CHECK_FALSE(create_token(file, "bob", role::viewer, midnight));
}

TEST_CASE("a file of tokens that others may write is refused") {
  const temporary_folder folder;
  const auto file = folder.path() / "tokens.json";
  REQUIRE(create_token(file, "ann", role::viewer, midnight));
  chmod(file.c_str(), 0620);
  CHECK_THAT(read_tokens(file).error().what, Catch::Contains("chmod 600"));
}

TEST_CASE("HMAC-SHA256 is the one of RFC 4231") {
  CHECK(store::hex(authenticate(std::string(20, '\x0b'), "Hi There"))
        == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  CHECK(store::hex(authenticate("Jefe", "what do ya want for nothing?"))
        == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST_CASE("an attempt's token is that attempt's, and of this daemon") {
  const attempt_tokens tokens{random_bytes(32)}, others{random_bytes(32)};
  const attempt_id of{"a/b c@v2", 17};
  const auto token = tokens.of(of);
  CHECK(token.find(' ') == std::string::npos);
  CHECK(tokens.find(token) == of);
  CHECK_FALSE(others.find(token));
  for (std::size_t i = 0; i < token.size(); ++i) {
    auto altered = token;
    altered[i] = altered[i] == 'a' ? 'b' : 'a';
    CHECK_FALSE(tokens.find(altered));
  }
  CHECK_FALSE(tokens.find(token.substr(0, token.size() - 1)));
  CHECK_FALSE(tokens.find(""));
}

TEST_CASE("an attempt's id is a migration and an epoch") {
  CHECK(parse_attempt_id("movies@v2:3") == attempt_id{"movies@v2", 3});
  CHECK(parse_attempt_id("a:b@v2:3") == attempt_id{"a:b@v2", 3});
  for (const auto* wrong : {"", "movies@v2", ":3", "movies@v2:", "movies@v2:x", "movies@v2:03",
                            "movies@v2:-1", "movies@v2:99999999999999999999"})
    CHECK_FALSE(parse_attempt_id(wrong));
}

TEST_CASE("a secret is made once and must stay one") {
  const temporary_folder folder;
  const auto file = folder.path() / "secret";
  const auto made = load_or_make_secret(file).value();
  CHECK(made.size() == 32);
  CHECK(load_or_make_secret(file).value() == made);
  chmod(file.c_str(), 0640);
  CHECK_FALSE(load_or_make_secret(file));
  chmod(file.c_str(), 0600);
  std::ofstream{file} << "short";
  CHECK_FALSE(load_or_make_secret(file));
}

// -- limits -------------------------------------------------------------------------------------

TEST_CASE("a client has so many requests a second, and twice as many at once") {
  rate_limiter limiter{10};
  const rate_limiter::time_point start{};
  const auto admitted = [&](const std::string& who, rate_limiter::time_point now) {
    int count = 0;
    while (count < 1000 && limiter.admit(who, now))
      ++count;
    return count;
  };
  CHECK(admitted("a", start) == 20);
  CHECK(admitted("b", start) == 20);
  CHECK(admitted("a", start + 500ms) == 5);
  CHECK(admitted("a", start + 1h) == 20);
  rate_limiter none{0};
  for (int i = 0; i < 1000; ++i)
    CHECK(none.admit("a", start));
}

TEST_CASE("a queue that is full takes no more, and ends with jobs in it") {
  std::promise<void> go;
  std::promise<void> begun;
  std::atomic<int> done{0};
  {
    work_queue queue{1, 2};
    REQUIRE(queue.add([&] {
      begun.set_value();
      go.get_future().wait();
      ++done;
    }));
    begun.get_future().wait();
    CHECK(queue.add([&] { ++done; }));
    CHECK(queue.add([&] { ++done; }));
    CHECK_FALSE(queue.add([&] { ++done; }));
    go.set_value();
  }
  CHECK(done >= 1);
}

TEST_CASE("the newest progress counts, whatever comes late") {
  progress_book book;
  const attempt_id of{"movies@v2", 1};
  CHECK_FALSE(book.find(of));
  CHECK(book.tell(of, {2, 0.5, "half", midnight}).second);
  CHECK_FALSE(book.tell(of, {1, 0.2, "late", midnight}).second);
  CHECK_FALSE(book.tell(of, {2, 0.9, "again", midnight}).second);
  CHECK(book.find(of)->message == "half");
  for (uint64_t epoch = 2; epoch < 10'010; ++epoch)
    book.tell({"movies@v2", epoch}, {1, 0, "", midnight});
  CHECK_FALSE(book.find(of));
}

// -- the same request twice ---------------------------------------------------------------------

namespace {

struct keys_fixture {
  temporary_folder folder;
  migration::timestamp now = midnight;
  std::unique_ptr<idempotency_book> book = open();

  std::unique_ptr<idempotency_book> open() {
    return idempotency_book::open(folder.path() / "answers", [this] { return now; }).value();
  }

  idempotency_book::go_on begin(const std::string& key, const std::string& what,
                                const std::string& who = "ann") {
    auto begun = book->begin(who, key, what);
    REQUIRE(std::holds_alternative<idempotency_book::go_on>(begun));
    return std::get<idempotency_book::go_on>(std::move(begun));
  }

  query_response known(const std::string& key, const std::string& what) {
    auto begun = book->begin("ann", key, what);
    REQUIRE(std::holds_alternative<idempotency_book::known>(begun));
    return std::get<idempotency_book::known>(begun).answer;
  }

  void done(const std::string& key, const std::string& what, int status = 200) {
    const query_response answer{.status = status, .body = "done", .headers = {{"ETag", "\"1\""}}};
    begin(key, what).finish(&answer);
  }
};

} // namespace

TEST_CASE_METHOD(keys_fixture, "a request is done once for its key, also after a restart") {
  done("k", "POST a");
  for (int i = 0; i < 2; ++i) {
    const auto again = known("k", "POST a");
    CHECK(again.status == 200);
    CHECK(again.body == "done");
    CHECK(cluster::http_request{.headers = again.headers}.header("ETag") == "\"1\"");
    CHECK(known("k", "POST b").status == 422);
    book.reset();
    book = open();
  }
}

TEST_CASE_METHOD(keys_fixture, "keys of others are other keys") {
  done("k", "POST a");
  begin("k", "POST b", "bob").finish(nullptr);
  begin("k2", "POST b").finish(nullptr);
}

TEST_CASE_METHOD(keys_fixture, "a refusal is an answer too, and a fault of ours is none") {
  done("refused", "POST a", 409);
  CHECK(known("refused", "POST a").status == 409);
  done("broken", "POST a", 503);
  done("broken", "POST a", 200);
  CHECK(known("broken", "POST a").status == 200);
}

TEST_CASE_METHOD(keys_fixture, "while a request is under way its key is taken") {
  const auto first = begin("k", "POST a");
  CHECK(known("k", "POST a").status == 409);
  first.finish(nullptr);
  done("k", "POST a");
}

TEST_CASE_METHOD(keys_fixture, "a key is remembered for a day") {
  done("k", "POST a");
  now += 24h - 1s;
  CHECK(known("k", "POST b").status == 422);
  now += 2s;
  done("k", "POST b");
  CHECK(known("k", "POST a").status == 422);
  now += 25h;
  book.reset();
  book = open(); // sweeps
  done("k", "POST c");
}

// -- heads and counts ---------------------------------------------------------------------------

TEST_CASE("the newest note of a file of heads is found from its end") {
  const temporary_folder folder;
  const auto file = folder.path() / "heads";
  CHECK_FALSE(newest_note(file));
  const auto key = store::signing_key::load_or_make(folder.path() / "key.pem", "skein/log/x");
  const auto note = [&](uint64_t size) {
    return store::sign({"x", size, {}, "now"}, *key).value().note();
  };
  auto heads = store::heads_file::open(file).value();
  for (uint64_t size = 1; size < 200; ++size) { // more than one look at the end
    REQUIRE(heads.append({note(size)}));
    CHECK(newest_note(file) == note(size));
  }
  std::ofstream{file, std::ios::app} << "\n" << note(200).substr(0, 60);
  CHECK(newest_note(file) == note(199));
}

TEST_CASE("what is counted is told in Prometheus' words, once for each name") {
  metrics all;
  all.committed(0.003, 2, 5);
  all.committed(0.2, 1, 1);
  all.answered("/v1/migrations/{id}", "GET", 404, 0.001);
  const auto text = all.text({{"skein_migrations", "by phase", {{"phase", "held"}}, 3},
                              {"skein_migrations", "by phase", {{"phase", "parked"}}, 4},
                              {"skein_log_events", "all", {}, 6}});
  for (const auto* line :
       {"skein_log_commit_seconds_count 2\n", "skein_log_commit_seconds_bucket{le=\"0.005\"} 1\n",
        "skein_log_appends_total 3\n", "skein_log_appended_events_total 6\n",
        "skein_http_requests_total{method=\"GET\",route=\"/v1/migrations/{id}\",status=\"404\"} "
        "1\n",
        "skein_migrations{phase=\"held\"} 3\n", "skein_migrations{phase=\"parked\"} 4\n",
        "skein_log_events 6\n"})
    CHECK_THAT(text, Catch::Contains(line));
  CHECK(text.find("# TYPE skein_migrations gauge") == text.rfind("# TYPE skein_migrations gauge"));
}
