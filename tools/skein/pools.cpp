#include "tools/skein/pools.hpp"

#include "tools/skein/command.hpp"
#include "tools/skein/print.hpp"
#include "tools/skein/source.hpp"
#include "tools/skein/words.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace skein::console {

namespace {

outcome<void> pools(const session& with) {
  const auto now = ask_daemon(with, "/v1/pools");
  if (!now)
    return tl::unexpected{now.error()};
  if (with.json)
    print_line(now->dump());
  else
    print_table(with, pools_table(*now), "there is no pool yet; the fleet is just starting");
  if (!with.json)
    print_below(with, breakers_table(*now));
  return {};
}

} // namespace

table pools_table(const nlohmann::json& answer) {
  constexpr auto right = table::align::right;
  table rows{{{"POOL"}, {"WAITING", right}, {"RUNNING", right}, {"WORKERS"}}};
  for (const auto& pool : list_of(answer, "pools")) {
    std::string workers;
    for (const auto& worker : list_of(pool, "workers"))
      workers += (workers.empty() ? "" : ", ") + text_of(worker, "name") + " ("
                 + count_text(static_cast<uint64_t>(number_of(worker, "leases"))) + ")";
    rows.add({{text_of(pool, "pool")},
              count_cell(static_cast<uint64_t>(number_of(pool, "waiting"))),
              count_cell(static_cast<uint64_t>(number_of(pool, "running"))),
              {workers}});
  }
  return rows;
}

table breakers_table(const nlohmann::json& answer) {
  table rows{{{"BREAKER"}, {"ON"}, {"STATE"}, {"FAILED"}, {"UNTIL"}, {"WHY"}}};
  for (const auto& pool : list_of(answer, "pools"))
    for (const auto& x : list_of(pool, "breakers")) {
      const auto status = text_of(x, "status");
      if (status == "closed")
        continue;
      const bool is_open = status == "open";
      rows.add({{text_of(x, "agent")},
                {text_of(x, "storage")},
                {is_open ? "open" : "half open"},
                {fmt::format("{} of {}", number_of(x, "failures"), number_of(x, "attempts"))},
                {is_open ? clock_text(text_of(x, "half_open_at")) : ""},
                {text_of(x, "why")}});
    }
  return rows;
}

action add_pools(CLI::App&) { return pools; }

} // namespace skein::console
