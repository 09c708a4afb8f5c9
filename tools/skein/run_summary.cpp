#include "tools/skein/run_summary.hpp"

#include "cluster/this_process.hpp"
#include "tools/skein/table.hpp"
#include "tools/skein/words.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace skein::console {

namespace {

using nlohmann::json;

/// The output of the step that moved the data: the one that says how many rows there are now.
json moved_by(const json& migration) {
  for (const auto& step : migration.value("steps", json::array()))
    if (const auto& output = step.value("output", json{});
        output.is_object() && output.contains("rows") && output.contains("phases"))
      return output;
  return json::object();
}

struct totals {
  std::size_t migrated = 0;
  double rows = 0, bytes = 0;
};

outcome<totals> add_migrated(source& from, const json& all, table& lines) {
  totals sum;
  for (const auto& each : all) {
    if (text_of(each, "phase") != "completed")
      continue;
    const auto id = text_of(each, "id");
    const auto whole = get_json(from, migration_path(id));
    if (!whole)
      return tl::unexpected{whole.error()};
    const auto moved = moved_by(*whole);
    ++sum.migrated;
    sum.rows += number_of(moved, "rows");
    sum.bytes += number_of(moved, "bytes");
    lines.add({{id},
               {count_text(static_cast<uint64_t>(number_of(moved, "rows")))},
               {bytes_text(number_of(moved, "bytes"))},
               {duration_text(number_of(moved, "seconds"))},
               {text_of(moved, "location")}});
  }
  return sum;
}

std::string resting_part(const terminal& to, const json& all, const char* phase,
                         const char* title) {
  std::string text;
  std::size_t count = 0;
  for (const auto& each : all) {
    if (text_of(each, "phase") != phase)
      continue;
    ++count;
    text += "  " + paint(to, style_of(phase), one_line(text_of(each, "id"))) + "\n"
            + wrap(text_of(each, "why"), to.width, "    ") + "\n";
  }
  if (count == 0)
    return {};
  return "\n" + paint(to, style::bold, fmt::format("{} {}", count, title)) + "\n" + text;
}

std::size_t mails_in(const std::filesystem::path& outbox) {
  std::size_t count = 0;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator{outbox, ignored})
    count += entry.path().extension() == ".eml" ? 1 : 0;
  return count;
}

std::string example_of(const json& all) {
  for (const auto* phase : {"held", "completed", "parked", "running"})
    for (const auto& each : all)
      if (text_of(each, "phase") == phase)
        return text_of(each, "id");
  return {};
}

/// A path as it is best pasted where one stands.
std::string pasted(const std::filesystem::path& path) {
  std::error_code ignored;
  const auto near = std::filesystem::proximate(path, ignored);
  const auto is_below = !near.empty() && *near.begin() != "..";
  return shell_word((is_below ? near : std::filesystem::absolute(path, ignored)).string());
}

std::string what_next(const run_report& what, const std::string& id) {
  const auto space = pasted(what.workspace);
  return fmt::format("\nTry next:\n"
                     "  {0} -w {1} show {2}\n"
                     "  {0} -w {1} replay {2}\n"
                     "  {0} run {1} --stay    and then, in a second terminal:\n"
                     "  {0} -w {1} watch --from-start\n",
                     pasted(cluster::this_program()), space, shell_word(id));
}

} // namespace

outcome<std::string> run_summary(const terminal& to, source& from, const run_report& what) {
  const auto list = fetch_migrations(from, {}, UINT64_MAX);
  if (!list)
    return tl::unexpected{list.error()};
  const auto& all = list->at("migrations");
  using align = table::align;
  table lines{{{"MIGRATED"},
               {"ROWS", align::right},
               {"BYTES", align::right},
               {"TIME", align::right},
               {"NOW AT"}}};
  const auto sum = add_migrated(from, all, lines);
  if (!sum)
    return tl::unexpected{sum.error()};
  std::string text = "\n";
  if (what.new_migrations == 0)
    text += paint(to, style::bold,
                  "Nothing to do: no dataset asks for a migration that was not "
                  "requested before.")
            + "\n\n";
  if (!lines.empty())
    text += lines.str(to);
  text += fmt::format("\n{} migrated, {} rows, {}", sum->migrated,
                      count_text(static_cast<uint64_t>(sum->rows)), bytes_text(sum->bytes));
  if (what.new_migrations > 0)
    text += fmt::format(", in {}", duration_text(what.seconds));
  text += "\n";
  text += resting_part(to, all, "held", "held back, for a human to decide:");
  text += resting_part(to, all, "parked", "parked, after their last attempt failed:");
  text += resting_part(to, all, "quarantined", "quarantined:");
  if (!what.outbox.empty())
    text += fmt::format("\n{} mails in {}\n", mails_in(what.outbox), what.outbox.string());
  if (what.untold)
    text += "\nNot every owner of these has been told yet: it is not the hour for it, or there is "
            "no "
            "agent for a channel, or it fails. The reason is in skeind.log.\n";
  const auto id = example_of(all);
  return text + (id.empty() ? "" : what_next(what, id));
}

} // namespace skein::console
