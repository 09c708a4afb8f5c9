#pragma once

#include "actors/api/query_response.hpp"
#include "events/migration.hpp"
#include "store/metadata_store.hpp"

#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <variant>

namespace skein::actors {

/// Remembers how requests with an `Idempotency-Key` were answered, on disk and for a day, so that a
/// client that heard nothing can ask again without having it done twice. For any number of threads.
///
/// Answers from 500 on are not remembered: nothing is known to be done then, and the client is to
/// ask again. Neither is what was under way when the daemon died: it is decided anew, on what the
/// log says by then.
class idempotency_book {
public:
  static constexpr std::chrono::hours kept_for{24};

  /// `now` is asked on any thread.
  static expected<std::unique_ptr<idempotency_book>>
  open(const std::filesystem::path& folder, std::function<migration::timestamp()> now);

  /// The request is new: do it, and call `finish` with its answer, or with nullptr when it came to
  /// none. Exactly once.
  struct go_on {
    std::function<void(const query_response*)> finish;
  };
  /// What to answer without doing anything.
  struct known {
    query_response answer;
  };

  /// `who` keeps the keys of different callers apart; `what` is all that must be the same the
  /// second time: method, path and body.
  std::variant<go_on, known> begin(const std::string& who, const std::string& key,
                                   const std::string& what);

private:
  idempotency_book(std::unique_ptr<store::metadata_store> kept,
                   std::function<migration::timestamp()> now)
      : kept_{std::move(kept)}, now_{std::move(now)} {}

  void finish(const std::string& id, const std::string& fingerprint, const query_response* answer);
  void sweep();

  std::unique_ptr<store::metadata_store> kept_;
  std::function<migration::timestamp()> now_;
  std::mutex guard_;
  std::set<std::string> under_way_;
  uint64_t written_ = 0;
};

} // namespace skein::actors
