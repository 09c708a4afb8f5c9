#include "tools/skein/command.hpp"
#include "tools/skein/event_line.hpp"
#include "tools/skein/print.hpp"
#include "tools/skein/source.hpp"
#include "tools/skein/words.hpp"

#include <CLI/App.hpp>
#include <chrono>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>

namespace skein::console {

namespace {

using nlohmann::json;

constexpr auto between_looks = std::chrono::milliseconds{300};

struct event_options {
  std::string id;
  std::string after = "0";
  std::map<std::string, std::string> filters; ///< by the query's own names
  bool follow = false;
};

/// Reads on where the last look ended, page by page.
class event_reader {
public:
  event_reader(source& from, const event_options& want) : from_{from}, want_{want} {
    query_["after"] = want.after;
    query_["limit"] = "1000";
    for (const auto& [name, value] : want.filters)
      if (!value.empty())
        query_[name] = value;
  }

  /// Prints what there is; answers how many of them.
  outcome<std::size_t> print_new(const session& with) {
    std::size_t shown = 0;
    for (;;) {
      auto got = get_json(from_, path(), query_);
      if (!got)
        return tl::unexpected{got.error()};
      print_page(with, (*got)["events"]);
      shown += (*got)["events"].size();
      if (!move_on(*got))
        return shown;
    }
  }

private:
  void print_page(const session& with, const json& events) {
    if (with.format == output_format::csv)
      return print(event_table(events).csv(!std::exchange(has_header_, true)));
    for (const auto& event : events)
      print_line(with.json ? event.dump() : event_line(page_of(with), event));
  }

  std::string path() const {
    return want_.id.empty() ? "/v1/events" : migration_path(want_.id, "events");
  }

  /// Moves behind the page; false when it was the last for now. The log's own list always says
  /// where it stopped; a migration's only while there is more.
  bool move_on(const json& page) {
    const auto& events = page["events"];
    const auto& next = page["next"];
    const auto place = next.is_number() ? std::to_string(next.get<uint64_t>())
                       : events.empty() ? query_["after"]
                                        : events.back().value("version", query_["after"]);
    return std::exchange(query_["after"], place) != place;
  }

  source& from_;
  const event_options& want_;
  parameters query_;
  bool has_header_ = false; ///< of a csv
};

outcome<void> events(const session& with, const event_options& want) {
  auto from = open_source(with);
  if (!from)
    return tl::unexpected{from.error()};
  event_reader reader{**from, want};
  auto shown = reader.print_new(with);
  if (!shown)
    return tl::unexpected{shown.error()};
  if (want.follow && !(*from)->is_live())
    return give_up(exit_code::no_daemon, "nothing more will come: --follow needs a running skeind");
  while (want.follow && shown) {
    std::this_thread::sleep_for(between_looks);
    shown = reader.print_new(with);
  }
  return shown ? outcome<void>{} : tl::unexpected{shown.error()};
}

} // namespace

action add_events(CLI::App& to) {
  auto want = std::make_shared<event_options>();
  to.add_option("id", want->id, "Migration, such as movies@v2; all if left out")
      ->type_name("MIGRATION");
  auto& filters = want->filters;
  to.add_option("--type", filters["type"], "Only events of this type, such as attempt_failed");
  to.add_option("--dataset", filters["dataset"], "Pattern with * and ?");
  to.add_option("--owner", filters["owner"], "Such as group:default/film")->type_name("OWNER");
  to.add_option("--actor", filters["actor"], "Who caused it: a pattern with * and ?");
  to.add_option("--since", filters["since"], "Time, how long ago (-2h), or sequence");
  to.add_option("--until", filters["until"], "The same");
  to.add_option("--after", want->after, "Sequence, or with an id version, to start behind")
      ->capture_default_str();
  to.add_flag("-f,--follow", want->follow, "Goes on with what comes");
  return [want](const session& with) { return events(with, *want); };
}

} // namespace skein::console
