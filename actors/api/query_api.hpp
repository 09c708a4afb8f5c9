#pragma once

#include "actors/api/access.hpp"
#include "actors/api/attempts_json.hpp"
#include "actors/api/event_feed.hpp"
#include "actors/api/query_response.hpp"
#include "events/migration.hpp"
#include "store/log_reader.hpp"
#include "store/view_store.hpp"

#include <functional>
#include <optional>
#include <string>

namespace skein::actors {

/// The read-only JSON API over the log and the view. A daemon serves it over HTTP, and `skein`
/// calls it in its own process when no daemon runs: both give the same answers. Errors are problem
/// documents (RFC 9457). A parameter that is not listed here is refused.
///
///   /v1/status                                counts by phase, last sequence, how far the view is;
///                                             `open`: whether any migration still owes something
///   /v1/migrations                            one line each
///       ?state=<state>,… &owner= &dataset=<glob> &scan= &label=<name>=<value>,…
///       &text=<part of why> &older_than=2d &younger_than=6h &idle_for=10m
///       &sort=[-]id|changed|requested|attempts|owner &limit=100 &after=<next> &at=<point>
///       &failure=<id of /v1/failures>
///       (`phase` is an older name of `state`)
///   /v1/failures                              what rests unfinished, put together by why
///       ?limit=100 and the filters of /v1/migrations
///   /v1/migrations/<id>                       all about one
///       ?at=<point>
///   /v1/migrations/<id>/attempts              every try at a step
///       ?at=<point> &limit=100 &after=<epoch>
///   /v1/migrations/<id>/events                its events, as the status subject carries them
///       ?after=<version> &limit=1000 and the filters of /v1/events
///   /v1/migrations/<id>/replay                its state, folded again from the log alone
///       ?at=<point> &version=<version>
///   /v1/events                                all events, in the log's order
///       ?after=<sequence> &limit=100
///       &dataset=<glob> &owner= &type= &actor=<glob> &since=<point> &until=<point>
///       (`at` says the same as `until`, as it does of other reads)
///   /v1/replay                                all migrations, folded again from the log alone: one
///                                             line each by id, with version, sequence and digest
///       ?at=<point> &dataset=<glob> &owner= &scan= &limit=100 &after=<id> &until=<sequence>
///   /v1/diff                                  what differs between two points in time: migrations
///                                             that appeared, phases and steps that changed
///       ?from=<point> &to=<point> and the rest as for /v1/replay
///
/// A point in time is a sequence, an RFC 3339 time, or how long ago, such as -2h. Answers about the
/// fleet say what they took it for (`at`, `from`, `to`) and the last sequence they looked at
/// (`until`): given again for the next page, all pages are of one moment, though the log grows.
/// An owner is what the migration's agents said so far, for all of its events.
///
/// A list ends with `next`: what to give as `after` for the rest, or null when there is none. Where
/// a filter lets little through, a page may be short, even empty, and still have a `next`.
/// `/v1/events` always says where it stopped looking, so that a reader can go on from there later.
///
/// Threads: as its log and view; any number at once.
class query_api {
public:
  /// Both must outlive it. `now` is asked for times such as `-2h`.
  query_api(const store::log_reader& log, const store::view_reader& view,
            std::function<migration::timestamp()> now, progress_of progress = {});

  /// `path` is decoded and has no query.
  query_response get(const std::string& path, const query_parameters&) const;

  /// How many events that migration has, which is its ETag; or what to answer if there is none.
  tl::expected<uint64_t, query_response> version_of(const std::string& id) const;

  /// GET /v1/events as a stream: ?after= &dataset=<glob> &owner= &type= &actor=<glob>. Without
  /// `after`, and without a `Last-Event-ID`, which comes before it, it begins with the next event.
  query_response stream(event_feed&, const query_parameters&, const std::string& last_event_id,
                        std::string who) const;

  /// Whether that attempt still runs, by the log.
  bool runs(const attempt_id&) const;

private:
  query_response status(const query_parameters&) const;
  query_response one(const std::string& id, const query_parameters&) const;

  const store::log_reader& log_;
  const store::view_reader& view_;
  std::function<migration::timestamp()> now_;
  progress_of progress_;
};

/// `<id>` or `<id>/<tail>` behind `/v1/migrations/`. A dataset's name may hold slashes, so the tail
/// is what follows the last one, and only if it is one of the words that may stand there.
struct migration_path {
  std::string id;
  std::string tail;
};
migration_path split_migration_path(const std::string& rest);

} // namespace skein::actors
