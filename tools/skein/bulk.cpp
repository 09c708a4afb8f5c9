#include "tools/skein/command.hpp"
#include "tools/skein/confirm.hpp"
#include "tools/skein/order_options.hpp"
#include "tools/skein/print.hpp"
#include "tools/skein/rehearsal_text.hpp"
#include "tools/skein/source.hpp"
#include "tools/skein/table.hpp"
#include "tools/skein/words.hpp"

#include <CLI/App.hpp>
#include <CLI/Validators.hpp>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

/// One order for many migrations: counted first, carried out by the daemon.
namespace skein::console {

namespace {

using nlohmann::json;

struct bulk_options {
  std::string order;
  std::map<std::string, std::string> filter;
  std::optional<uint64_t> at_most;
  order_details details;
  order_options who;
};

std::string progress_of(const json& x) {
  return "bulk " + text_of(x, "id") + ": " + text_of(x["plan"], "order") + ", "
         + text_of(x, "status") + ", " + count_text(static_cast<uint64_t>(number_of(x, "obeyed")))
         + " obeyed, " + count_text(static_cast<uint64_t>(number_of(x, "refused"))) + " refused";
}

outcome<json> body_for(const bulk_options& want) {
  auto body = body_of(want.who, want.details);
  if (!body)
    return body;
  (*body)["order"] = want.order;
  (*body)["filter"] = want.filter;
  if (want.at_most)
    (*body)["at_most"] = *want.at_most;
  return body;
}

std::string preview_text(const bulk_options& want, const json& preview) {
  const auto count = static_cast<uint64_t>(number_of(preview, "count"));
  std::string names;
  for (const auto& id : preview["first"])
    names += (names.empty() ? ": " : ", ") + one_line(id.get<std::string>());
  return want.order + " is for " + counted(count, "migration", "migrations") + names
         + (count > preview["first"].size() ? ", …" : "");
}

outcome<void> start(const session& with, const bulk_options& want) {
  auto body = body_for(want);
  if (!body)
    return tl::unexpected{body.error()};
  auto counting = *body;
  counting["dry_run"] = true;
  const auto preview = post_order(with, "/v1/bulks", counting);
  if (!preview)
    return tl::unexpected{preview.error()};
  if (with.json && want.who.is_dry)
    print_line(preview->dump());
  if (!with.json)
    print_line(preview_text(want, *preview));
  if (want.who.is_dry || number_of(*preview, "count") == 0)
    return {};
  const auto concerns = [&] { return outcome<std::string>{preview_text(want, *preview)}; };
  if (auto agreed = confirm(want.who.yes, concerns); !agreed)
    return agreed;
  const auto begun = post_order(with, "/v1/bulks", *body);
  if (!begun)
    return tl::unexpected{begun.error()};
  if (with.json)
    print_line(begun->dump());
  else
    print_line("bulk " + text_of(*begun, "id") + " is under way; skein bulk show "
               + text_of(*begun, "id") + " says how far it is");
  return {};
}

action add_start(CLI::App& to) {
  auto want = std::make_shared<bulk_options>();
  to.add_option("order", want->order, "What each of them is ordered")
      ->required()
      ->check(CLI::IsMember({"retry", "approve", "reject", "cancel", "pause", "resume", "hold",
                             "skip", "override-input", "priority", "rollback"}));
  for (const auto* name : {"state", "owner", "dataset", "scan", "label", "text", "failure",
                           "older_than", "younger_than", "idle_for"}) {
    std::string flag = std::string{"--"} + name;
    std::replace(flag.begin() + 2, flag.end(), '_', '-');
    to.add_option_function<std::string>(
        flag, [want, name](const std::string& value) { want->filter[name] = value; },
        "Only those, as in skein list");
  }
  to.add_option("--step", want->details.step,
                "The step, for skip, override-input and retry from a step");
  to.add_option("--input", want->details.input, "The JSON object, for override-input");
  to.add_option("--priority", want->details.priority, "-100 to 100, for priority");
  to.add_option("--at-most", want->at_most, "So many of them, by id; try one before the rest");
  add_order_options(to, want->who);
  to.get_option("--reason")->required();
  return [want](const session& with) { return start(with, *want); };
}

outcome<void> list(const session& with) {
  const auto all = ask_daemon(with, "/v1/bulks");
  if (!all)
    return tl::unexpected{all.error()};
  if (with.json) {
    print_line(all->dump());
    return {};
  }
  constexpr auto right = table::align::right;
  constexpr auto wide = table::shown::wide;
  table rows{{{"BULK"},
              {"ORDER"},
              {"STATUS"},
              {"OBEYED", right},
              {"REFUSED", right},
              {"AT MOST", right, wide},
              {"ACTOR"},
              {"STARTED"},
              {"CHANGED", table::align::left, wide},
              {"REASON"}}};
  for (const auto& each : list_of(*all, "bulks")) {
    const auto count = [&](const json& of, const char* member) {
      return count_cell(static_cast<uint64_t>(number_of(of, member)));
    };
    const auto status = text_of(each, "status");
    rows.add({{text_of(each, "id")},
              {text_of(object_of(each, "plan"), "order"), style::bold},
              {status, style_of(status)},
              count(each, "obeyed"),
              count(each, "refused"),
              count(object_of(each, "plan"), "at_most"),
              {text_of(each, "actor")},
              age_cell(text_of(each, "started_at")),
              age_cell(text_of(each, "changed_at")),
              {text_of(each, "reason")}});
  }
  print_table(with, rows, "no bulks; skein bulk start begins one");
  return {};
}

outcome<void> print(const session& with, const outcome<json>& bulk) {
  if (!bulk)
    return tl::unexpected{bulk.error()};
  print_line(with.json ? bulk->dump() : progress_of(*bulk));
  return {};
}

action add_show(CLI::App& to) {
  auto id = std::make_shared<std::string>();
  to.add_option("id", *id, "As skein bulk list has it")->required();
  return [id](const session& with) { return print(with, ask_daemon(with, "/v1/bulks/" + *id)); };
}

action add_stop(CLI::App& to) {
  struct stop_options {
    std::string id;
    order_options who;
  };
  auto want = std::make_shared<stop_options>();
  to.add_option("id", want->id, "As skein bulk list has it")->required();
  add_order_options(to, want->who);
  to.get_option("--reason")->required();
  return [want](const session& with) {
    const auto path = "/v1/bulks/" + want->id + "/stop";
    if (want->who.is_dry)
      return post_order(with, path, body_of(want->who), true).map([&](const json& said) {
        print_line(with.json ? said.dump() : rehearsal_text(said));
      });
    return print(with, post_order(with, path, body_of(want->who)));
  };
}

constexpr command commands[]{
    {"start", "Orders something for each migration that a filter lets through", add_start},
    {"list", "The bulks under way, and the newest of the others",
     [](CLI::App&) -> action { return list; }, prints::table},
    {"show", "How far one of them is", add_show},
    {"stop", "Stops one; what it has ordered stays ordered", add_stop},
};

} // namespace

action add_bulk(CLI::App& to) { return add_commands(to, commands); }

} // namespace skein::console
