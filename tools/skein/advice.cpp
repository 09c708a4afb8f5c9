#include "tools/skein/migration_page.hpp"

#include "tools/skein/words.hpp"

#include <nlohmann/json.hpp>
#include <vector>

namespace skein::console {

namespace {

using nlohmann::json;

std::string heading(const std::string& phase, bool is_paused) {
  if (phase == "held")
    return "What to do next: it waits for somebody to agree";
  if (phase == "parked")
    return "What to do next: mend what failed, then have it tried again";
  if (phase == "quarantined")
    return "What to do next: Skein itself failed on it; the rest goes on without it";
  if (phase == "rolled_back")
    return "What to do next: the old version is back; the new one's data were kept aside";
  if (phase == "running" && is_paused)
    return "What to do next: it is paused, and starts nothing new";
  return {};
}

std::vector<next_order> orders_of_phase(const std::string& phase) {
  if (phase == "held")
    return {{"approve", "if the consumers are ready, or it does not matter to them"},
            {"reject", "if it must not be; it is parked then"},
            {"retry", "after a change of the mapping, the contracts or the catalog"},
            {"cancel", "if the dataset is to stay as it is"}};
  if (phase == "parked")
    return {
        {"retry", "once the cause is gone; finished steps are not done again (--from STEP does)"},
        {"skip", "with the name of the failed step, to go on without it"},
        {"cancel", "if it is not worth it"}};
  if (phase == "quarantined")
    return {{"retry", "with a version of Skein that mends the failure"},
            {"cancel", "if the dataset is to stay as it is"}};
  if (phase == "rolled_back")
    return {{"retry", "with --from and its first step, once the mapping is right"}};
  return {};
}

} // namespace

std::vector<next_order> next_orders(const json& migration) {
  auto all = orders_of_phase(text_of(migration, "phase"));
  if (migration.value("paused", false))
    all.push_back({"resume", "to let it go on; it is paused, and starts nothing new"});
  return all;
}

std::string next_heading(const json& migration) {
  return heading(text_of(migration, "phase"), migration.value("paused", false));
}

std::string advice(const terminal& to, const json& migration, const std::string& program) {
  const auto title = next_heading(migration);
  if (title.empty())
    return {};
  auto page = part_title(to, title);
  for (const auto& [order, when] : next_orders(migration))
    page += "  " + program + " " + order + " " + shell_word(one_line(text_of(migration, "id")))
            + " --reason '...'\n" + wrap(when, to.width, "      ");
  return page;
}

} // namespace skein::console
