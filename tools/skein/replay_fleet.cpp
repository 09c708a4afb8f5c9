#include "tools/skein/fleet_pages.hpp"
#include "tools/skein/print.hpp"
#include "tools/skein/table.hpp"
#include "tools/skein/words.hpp"

#include "store/encodings.hpp"
#include "store/sha256.hpp"

#include <CLI/App.hpp>
#include <map>
#include <nlohmann/json.hpp>

namespace skein::console {

namespace {

using nlohmann::json;

/// What all migrations come to.
class fleet_totals {
public:
  void add(const json& row) {
    ++migrations_;
    events_ += static_cast<uint64_t>(number_of(row, "version"));
    ++phases_[text_of(row, "phase")];
    digest_ = store::hex(hasher_.of({digest_, text_of(row, "digest")}));
  }

  json as_json(const json& page) const {
    return {{"at", page.value("at", json{})},
            {"until", page.value("until", json{})},
            {"migrations", migrations_},
            {"events", events_},
            {"phases", phases_},
            {"digest", digest_}};
  }

  std::string as_text(const json& page) const {
    auto text = counted(migrations_, "migration", "migrations") + ", "
                + counted(events_, "event", "events");
    const auto at = text_of(page, "at");
    text += at.empty() ? " up to sequence " + page.value("until", json{}).dump() : " as of " + at;
    for (const auto& [phase, count] : phases_)
      text += "\n  " + count_text(count) + " " + phase;
    return text + "\nState digest " + digest_;
  }

private:
  uint64_t migrations_ = 0, events_ = 0;
  std::map<std::string, uint64_t> phases_;
  /// SHA-256 of the digest before it, 64 zeros at first, and the next row's, both as digits.
  std::string digest_ = std::string(64, '0');
  store::sha256 hasher_;
};

table new_table() {
  return table{
      {{"MIGRATION"}, {"PHASE"}, {"STEP"}, {"EVENTS", table::align::right}, {"OWNER"}, {"WHY"}}};
}

void add_line(table& to, const json& row) {
  const auto phase = text_of(row, "phase");
  to.add({{text_of(row, "id"), style::bold},
          {phase, style_of(phase)},
          {text_of(row, "step")},
          {count_text(static_cast<uint64_t>(number_of(row, "version")))},
          {text_of(row, "owner")},
          {text_of(row, "why")}});
}

} // namespace

void add_fleet_options(CLI::App& to, fleet_options& into) {
  to.add_option("--dataset", into.dataset, "Pattern with * and ?");
  to.add_option("--owner", into.owner, "Such as group:default/film")->type_name("OWNER");
  to.add_option("--scan", into.scan, "The scan that asked for it");
  to.add_option("--label", into.label, "name=value, several with commas in between");
  to.add_option("--limit", into.shown, "Show at most so many; all are counted")
      ->capture_default_str();
}

outcome<json> for_each_row(source& from, const std::string& path, parameters query,
                           const fleet_options& want,
                           const std::function<void(const json& row)>& visit) {
  for (const auto& [name, value] : {std::pair{"dataset", want.dataset},
                                    {"owner", want.owner},
                                    {"scan", want.scan},
                                    {"label", want.label}})
    if (!value.empty())
      query[name] = value;
  query["limit"] = "1000";
  for (;;) {
    auto page = get_json(from, path, query);
    if (!page)
      return page;
    for (const auto& row : list_of(*page, "migrations"))
      visit(row);
    if (text_of(*page, "next").empty())
      return page;
    query["after"] = text_of(*page, "next");
    // The first answer says which moment it is about: the others must be about the same.
    query["until"] = page->value("until", json{}).dump();
    for (const auto* point : {"at", "from", "to"})
      if (const auto resolved = text_of(*page, point); !resolved.empty())
        query[point] = resolved;
  }
}

outcome<void> replay_fleet(const session& with, const fleet_options& want) {
  auto from = open_source(with);
  if (!from)
    return tl::unexpected{from.error()};
  fleet_totals totals;
  auto lines = new_table();
  uint64_t shown = 0;
  const auto at = want.at.empty() ? parameters{} : parameters{{"at", want.at}};
  const auto page = for_each_row(**from, "/v1/replay", at, want, [&](const json& row) {
    totals.add(row);
    if (with.json)
      print_line(row.dump());
    else if (++shown <= want.shown || with.format == output_format::csv)
      add_line(lines, row);
  });
  if (!page)
    return tl::unexpected{page.error()};
  if (with.json) {
    print_line(totals.as_json(*page).dump());
    return {};
  }
  if (with.format == output_format::csv) {
    print_table(with, lines, "");
    return {};
  }
  if (!lines.empty())
    print((with.format == output_format::wide ? lines.wide(with.out) : lines.str(with.out)) + "\n");
  if (shown > want.shown)
    print_line("Shown are the first " + count_text(want.shown) + "; --limit shows more.");
  print_line(totals.as_text(*page));
  return {};
}

} // namespace skein::console
