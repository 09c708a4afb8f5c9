#include "tools/skein/source.hpp"

#include "tools/skein/print.hpp"
#include "tools/skein/words.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace skein::console {

namespace {

constexpr uint64_t page_rows = 1000; ///< the most that the API gives at once

} // namespace

outcome<std::unique_ptr<source>> open_source(const session& with) {
  if (with.remote) {
    auto live = daemon_source(with.remote->at);
    if (auto there = live->get("/healthz"); !there)
      return tl::unexpected{there.error()};
    return live;
  }
  auto state = state_folder(with.workspace);
  if (!state)
    return tl::unexpected{state.error()};
  std::string why = "skeind is not running";
  if (auto running = find_daemon(*state)) {
    auto live = daemon_source(*running);
    if (live->get("/healthz"))
      return live;
    why = described(*running) + " does not answer at " + running->http;
  }
  auto stopped = log_source(*state);
  if (stopped)
    remark(why + "; reading the log in " + state->string());
  return stopped;
}

outcome<nlohmann::json> get_json(source& from, const std::string& path, const parameters& query) {
  auto body = from.get(path, query);
  if (!body)
    return tl::unexpected{body.error()};
  auto parsed = nlohmann::json::parse(*body, nullptr, false);
  if (parsed.is_object())
    return parsed;
  return give_up(exit_code::refused, "the answer to " + path + " is not a JSON object");
}

outcome<nlohmann::json> ask_daemon(const session& with, const std::string& path) {
  const auto running = require_daemon(with);
  if (!running)
    return tl::unexpected{running.error()};
  return get_json(*daemon_source(*running), path);
}

outcome<nlohmann::json> post_order(const session& with, const std::string& path,
                                   const nlohmann::json& body, bool is_dry) {
  const auto running = require_daemon(with);
  if (!running)
    return tl::unexpected{running.error()};
  return post_json(*running, path, body, {},
                   is_dry ? parameters{{"dry_run", "true"}} : parameters{});
}

outcome<nlohmann::json> fetch_migrations(source& from, parameters query, uint64_t limit) {
  auto rows = nlohmann::json::array();
  nlohmann::json next;
  do {
    query["limit"] = std::to_string(std::min(page_rows, limit - rows.size()));
    auto got = get_json(from, "/v1/migrations", query);
    if (!got)
      return got;
    for (auto& row : (*got)["migrations"])
      rows.push_back(std::move(row));
    next = (*got)["next"];
    if (next.is_string())
      query["after"] = next;
  } while (next.is_string() && rows.size() < limit);
  return nlohmann::json{{"migrations", std::move(rows)}, {"next", std::move(next)}};
}

std::string migration_path(const std::string& id, const std::string& tail) {
  return "/v1/migrations/" + id + (tail.empty() ? "" : "/" + tail);
}

trouble trouble_of(int status, const std::string& body) {
  const auto problem = nlohmann::json::parse(body, nullptr, false);
  auto detail = one_line(text_of(problem, "detail"));
  if (detail.empty())
    detail = "skeind answered with HTTP status " + std::to_string(status);
  const auto code = status == 400   ? exit_code::usage
                    : status == 404 ? exit_code::not_found
                                    : exit_code::refused;
  return {code, std::move(detail)};
}

} // namespace skein::console
