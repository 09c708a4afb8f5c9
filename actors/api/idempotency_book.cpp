#include "actors/api/idempotency_book.hpp"

#include "actors/api/token_file.hpp"
#include "actors/json_text.hpp"
#include "config/log.hpp"

#include <nlohmann/json.hpp>
#include <vector>

namespace skein::actors {

namespace {

using nlohmann::json;

constexpr std::string_view kind = "answer";
constexpr uint64_t sweep_every = 1000;
constexpr std::size_t swept_at_once = 1000;

int64_t seconds_of(migration::timestamp at) {
  return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
}

json json_of(const query_response& answer, const std::string& fingerprint, int64_t at) {
  return {{"fingerprint", fingerprint}, {"at", at},
          {"status", answer.status},    {"type", answer.content_type},
          {"body", answer.body},        {"headers", answer.headers}};
}

query_response response_of(const json& from) {
  query_response answer{.status = from.value("status", 500),
                        .content_type = from.value("type", ""),
                        .body = from.value("body", "")};
  for (const auto& header : from.value("headers", json::array()))
    answer.headers.emplace_back(header[0].get<std::string>(), header[1].get<std::string>());
  answer.headers.emplace_back("Idempotency-Replayed", "true");
  return answer;
}

} // namespace

expected<std::unique_ptr<idempotency_book>>
idempotency_book::open(const std::filesystem::path& folder,
                       std::function<migration::timestamp()> now) {
  auto opened = store::open_metadata_store(folder);
  if (!opened)
    return tl::unexpected{opened.error()};
  std::unique_ptr<idempotency_book> made{new idempotency_book{*std::move(opened), std::move(now)}};
  made->sweep();
  return made;
}

std::variant<idempotency_book::go_on, idempotency_book::known>
idempotency_book::begin(const std::string& who, const std::string& key, const std::string& what) {
  // Hashed: names in the store have no NUL and an end, keys of clients have what they like.
  const auto id = hash_of(who + "\n" + key);
  const auto fingerprint = hash_of(what);
  {
    const std::lock_guard lock{guard_};
    if (!under_way_.insert(id).second)
      return known{problem(409, "a request with this Idempotency-Key is still under way; ask again "
                                "in a moment")};
  }
  const auto forget = [&] {
    const std::lock_guard lock{guard_};
    under_way_.erase(id);
  };
  const auto found = kept_->get(kind, id);
  if (!found) {
    forget();
    return known{problem(503, found.error().what)};
  }
  const auto before = *found ? parse_json((*found)->bytes) : std::nullopt;
  const auto oldest = seconds_of(now_() - kept_for);
  if (!before || !before->is_object() || before->value("at", int64_t{0}) < oldest)
    return go_on{
        [this, id, fingerprint](const query_response* answer) { finish(id, fingerprint, answer); }};
  forget();
  if (before->value("fingerprint", "") != fingerprint)
    return known{problem(422, "this Idempotency-Key was used for another request; take a new one "
                              "for each")};
  return known{response_of(*before)};
}

void idempotency_book::finish(const std::string& id, const std::string& fingerprint,
                              const query_response* answer) {
  if (answer != nullptr && answer->status < 500) {
    const auto written
        = kept_->put(kind, id, dump_json(json_of(*answer, fingerprint, seconds_of(now_()))));
    if (!written)
      log::warn("idempotency-not-kept", "the answer is not remembered: {}", written.error().what);
  }
  bool is_due = false;
  {
    const std::lock_guard lock{guard_};
    under_way_.erase(id);
    is_due = ++written_ % sweep_every == 0;
  }
  if (is_due)
    sweep();
}

/// Takes out what is older than a day, so that the store does not grow for ever.
void idempotency_book::sweep() {
  const auto oldest = seconds_of(now_() - kept_for);
  std::vector<store::document_change> gone;
  const auto scanned
      = kept_->scan(kind, "", UINT64_MAX, [&](std::string_view id, const store::document& kept) {
          const auto what = parse_json(kept.bytes);
          if (!what || !what->is_object() || what->value("at", int64_t{0}) < oldest)
            gone.push_back({std::string{kind}, std::string{id}, std::nullopt, kept.revision});
          return gone.size() < swept_at_once;
        });
  if (!scanned || gone.empty())
    return;
  if (auto done = kept_->apply(gone); !done)
    log::warn("idempotency-not-swept", "{}", done.error().what);
}

} // namespace skein::actors
