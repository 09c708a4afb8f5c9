#include "tools/skein/console/loader.hpp"
#include "tools/skein/words.hpp"

#include <algorithm>

namespace skein::console::screen {

namespace {

using nlohmann::json;

constexpr uint64_t newest = 200; ///< attempts, events, leases that are shown
constexpr auto kinds_of_failures = "1000";

/// The calls of one request.
struct calls {
  const daemon& at;
  const std::string& actor;
  const call_limits& limits;
  const std::function<bool()>& is_overtaken;
  std::unique_ptr<source> from = daemon_source(at, limits);

  outcome<json> get(const std::string& path, const parameters& query = {}) const {
    return get_json(*from, path, query);
  }

  outcome<json> operator()(const load_status&) const { return get("/v1/status"); }

  /// One page of rows, from as many answers as it takes: a filter may let little through.
  outcome<json> page(parameters query) const {
    auto rows = json::array();
    json next;
    do {
      query["limit"] = std::to_string(page_rows - rows.size());
      auto got = get("/v1/migrations", query);
      if (!got)
        return got;
      for (auto& x : (*got)["migrations"])
        rows.push_back(std::move(x));
      next = (*got)["next"];
      if (next.is_string())
        query["after"] = next;
    } while (next.is_string() && rows.size() < page_rows && !is_overtaken());
    return json{{"rows", std::move(rows)}, {"next", std::move(next)}};
  }

  outcome<json> operator()(const load_rows& want) const {
    auto pages = json::array();
    auto query = want.query;
    auto after = want.after;
    for (std::size_t i = 0; i < want.count; ++i) {
      if (!after.empty())
        query["after"] = after;
      auto got = page(query);
      if (!got)
        return got;
      after = text_of(*got, "next");
      pages.push_back(std::move(*got));
      if (after.empty())
        break;
    }
    return json{{"pages", std::move(pages)}};
  }

  outcome<json> operator()(const load_migration& want) const {
    auto migration = get(migration_path(want.id));
    if (!migration)
      return migration;
    const auto version = static_cast<uint64_t>(number_of(*migration, "version"));
    const auto after = std::to_string(version - std::min(version, newest));
    auto events = get(migration_path(want.id, "events"), {{"after", after}, {"limit", "1000"}});
    if (!events)
      return events;
    auto attempts = newest_attempts(want.id, *migration);
    if (!attempts)
      return attempts;
    auto lines = newest_lines(want);
    if (!lines)
      return lines;
    return json{{"migration", std::move(*migration)},
                {"events", std::move((*events)["events"])},
                {"attempts", std::move(*attempts)},
                {"lines", std::move(*lines)}};
  }

  /// None, of a daemon that does not keep them yet: it knows the migration, but not that path.
  outcome<json> newest_lines(const load_migration& want) const {
    auto got = get(migration_path(want.id, "lines"), {{"limit", std::to_string(want.lines)}});
    if (!got && got.error().code == exit_code::not_found)
      return json::array();
    if (!got)
      return got;
    return std::move((*got)["lines"]);
  }

  /// They are listed by epoch, of which the newest is the migration's.
  outcome<json> newest_attempts(const std::string& id, const json& migration) const {
    const auto epoch = static_cast<uint64_t>(number_of(migration, "epoch"));
    auto got = get(migration_path(id, "attempts"),
                   {{"after", std::to_string(epoch - std::min(epoch, newest))}, {"limit", "1000"}});
    if (!got)
      return got;
    return std::move((*got)["attempts"]);
  }

  outcome<json> operator()(const load_failures&) const {
    return get("/v1/failures", {{"limit", kinds_of_failures}});
  }

  outcome<json> operator()(const load_fleet&) const {
    auto pools = get("/v1/pools");
    if (!pools)
      return pools;
    auto leases = get("/v1/leases", {{"limit", std::to_string(newest)}});
    if (!leases)
      return leases;
    auto most = get("/v1/limits");
    if (!most)
      return most;
    return json{{"pools", std::move((*pools)["pools"])},
                {"leases", std::move((*leases)["leases"])},
                {"more_leases", (*leases)["next"].is_string()},
                {"limits", std::move(*most)}};
  }

  outcome<json> operator()(const give_order& given) const {
    auto body = given.details.is_object() ? given.details : json::object();
    body["actor"] = actor;
    body["reason"] = given.reason;
    return post_json(at, path_of(*given.what, given.id), body, limits);
  }
};

} // namespace

outcome<json> carry_out(const request& what, const daemon& at, const std::string& actor,
                        const call_limits& limits, const std::function<bool()>& is_overtaken) {
  return std::visit(calls{at, actor, limits, is_overtaken}, what);
}

} // namespace skein::console::screen
