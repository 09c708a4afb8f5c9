#pragma once

#include "tests/actors/told_log.hpp"

/// A log with one migration of each kind, as the built-in agents would have it.
namespace skein::tests {

inline constexpr auto discovered
    = R"({"title":"Movies","owner":"group:default/film","criticality":"high","consumers":3})";

inline constexpr auto judged = R"json({
  "changes": [
    {"column":"Title","change":"renamed","to":"title","detail":"text of any length"},
    {"column":"US Gross","change":"cast","to":"us_gross","detail":"BIGINT to DECIMAL(18,2)"},
    {"column":"Director","change":"dropped"}],
  "consumers": [
    {"ref":"component:default/film-api","name":"film-api","owner":"group:default/web",
     "verdict":"breaks","depth":1,"via":"movies",
     "reasons":["reads \"Title\", which is renamed to \"title\""]},
    {"ref":"component:default/poster","name":"poster","owner":"group:default/art",
     "verdict":"compatible","depth":2,"via":"ranking","reasons":[]}],
  "summary": {"compatible":1,"breaks":1,"unknown":0}})json";

inline constexpr auto moved = R"json({
  "rows": 3201, "bytes": 1258291, "seconds": 1.25, "location": "movies/v2/movies.parquet",
  "phases": [{"phase":"transform","seconds":0.75,"rows":3201,"bytes":1400000},
             {"phase":"validation","seconds":0.5,"rows":3201,"bytes":1258291}],
  "quality": [{"rule":"title must not be null","measured":0,"ok":true,"blocking":true,
               "expected":"equal to 0"},
              {"rule":"rating within bounds","measured":7,"ok":false,"blocking":false,
               "expected":"at most 5"}],
  "checksums": {"title":"17"}})json";

inline constexpr auto hold_reason
    = R"(film-api reads "Title" of movies, which is renamed to "title".)";

using actors::test::told_log;

inline void tell_completed(told_log& story, const std::string& dataset) {
  const auto id = story.request(dataset);
  story.succeed(id, "discover", discovered, {{"owner", "group:default/film"}});
  story.succeed(id, "validate-dependencies", judged);
  story.succeed(id, "execute-migration", moved);
  story.succeed(id, "notify-consumers",
                R"json({"told":["web@example.org","art@example.org"]})json");
}

inline void tell_held(told_log& story, const std::string& dataset) {
  const auto id = story.request(dataset);
  story.succeed(id, "discover", discovered, {{"owner", "group:default/film"}});
  story.succeed(id, "validate-dependencies", judged, {}, hold_reason);
}

inline void tell_parked(told_log& story, const std::string& dataset) {
  const auto id = story.request(dataset);
  story.succeed(id, "discover", discovered, {{"owner", "group:default/sky"}});
  story.succeed(id, "validate-dependencies", "{}");
  story.start(id, "execute-migration");
  story.finish(
      id, "execute-migration",
      migration::setback{error_class::permanent,
                         "row 1234, column \"Release Date\": cannot convert 'foo' to DATE"});
}

/// cars is parked, jobs runs, movies is held, and stocks is completed.
inline void tell_sample(told_log& story) {
  tell_completed(story, "stocks");
  tell_held(story, "movies");
  tell_parked(story, "cars");
  story.start(story.request("jobs"), "discover");
}

} // namespace skein::tests
