#include "tools/skein/agent_line.hpp"
#include "tools/skein/command.hpp"
#include "tools/skein/print.hpp"
#include "tools/skein/source.hpp"

#include <CLI/App.hpp>
#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>

namespace skein::console {

namespace {

using nlohmann::json;

constexpr auto between_looks = std::chrono::milliseconds{300};
constexpr auto all_there_are = "1000";

struct logs_options {
  std::string id;
  bool follow = false;
};

void print_lines(const session& with, const json& lines, bool is_first) {
  if (with.format == output_format::csv)
    return print(agent_line_table(lines).csv(is_first));
  for (const auto& line : lines)
    print_line(with.json ? line.dump() : agent_line(page_of(with), line));
}

outcome<void> logs(const session& with, const logs_options& want) {
  const auto running = require_daemon(with);
  if (!running)
    return tl::unexpected{running.error()};
  const auto from = daemon_source(*running);
  parameters query{{"limit", all_there_are}};
  for (bool is_first = true;; is_first = false) {
    const auto got = get_json(*from, migration_path(want.id, "lines"), query);
    if (!got)
      return tl::unexpected{got.error()};
    const auto& lines = (*got)["lines"];
    print_lines(with, lines, is_first);
    if (is_first && lines.empty() && !want.follow)
      remark("no agent has said anything of it since skeind was started, or it is long ago");
    if (!want.follow)
      return {};
    query["after"] = (*got)["next"].dump();
    std::this_thread::sleep_for(between_looks);
  }
}

} // namespace

action add_logs(CLI::App& to) {
  auto want = std::make_shared<logs_options>();
  to.add_option("id", want->id, "Migration, such as movies@v2")->type_name("MIGRATION")->required();
  to.add_flag("-f,--follow", want->follow, "Goes on with what comes");
  return [want](const session& with) { return logs(with, *want); };
}

} // namespace skein::console
