#include "tools/skein/command.hpp"
#include "tools/skein/confirm.hpp"
#include "tools/skein/order_options.hpp"
#include "tools/skein/print.hpp"
#include "tools/skein/rehearsal_text.hpp"
#include "tools/skein/source.hpp"

#include <CLI/App.hpp>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>

namespace skein::console {

namespace {

using nlohmann::json;

struct target_options {
  std::string id;
  order_options who;
  order_details details;
};

/// What cannot be taken back, or gives up what was done.
bool is_dangerous(const std::string& order, const target_options& want) {
  return order == "cancel" || order == "rollback" || order == "skip" || order == "reject"
         || order == "override-input" || (order == "retry" && !want.details.step.empty());
}

outcome<json> rehearse(const session& with, const std::string& order, const target_options& want,
                       const json& body) {
  return post_order(with, migration_path(want.id, order), body, true);
}

outcome<void> agree(const session& with, const std::string& order, const target_options& want,
                    const json& body) {
  if (!is_dangerous(order, want))
    return {};
  // Without a daemon there is nothing to agree to.
  if (auto running = require_daemon(with); !running)
    return tl::unexpected{running.error()};
  return confirm(want.who.yes, [&]() -> outcome<std::string> {
    return rehearse(with, order, want, body).map([&](const json& said) {
      return order + ": " + rehearsal_text(said);
    });
  });
}

outcome<void> give(const session& with, const std::string& order, const target_options& want) {
  const auto body = body_of(want.who, want.details);
  if (!body)
    return tl::unexpected{body.error()};
  if (want.who.is_dry)
    return rehearse(with, order, want, *body).map([&](const json& said) {
      print_line(with.json ? said.dump() : rehearsal_text(said));
    });
  if (auto agreed = agree(with, order, want, *body); !agreed)
    return agreed;
  const auto done = post_order(with, migration_path(want.id, order), *body);
  if (!done)
    return tl::unexpected{done.error()};
  if (with.json)
    print_line(done->dump());
  else
    print_line(one_line(want.id + " is " + done->value("phase", order + " in the log")));
  return {};
}

using extras = std::function<void(CLI::App&, target_options&)>;

action add_order(CLI::App& to, const std::string& order, const extras& add_more = nullptr) {
  auto want = std::make_shared<target_options>();
  to.add_option("id", want->id, "Migration, such as movies@v2")->type_name("MIGRATION")->required();
  if (add_more)
    add_more(to, *want);
  add_order_options(to, want->who);
  to.get_option("--reason")->required();
  return [want, order](const session& with) { return give(with, order, *want); };
}

/// Of one migration, or of a part of the fleet.
action add_scoped(CLI::App& to, const std::string& order) {
  struct scope_options {
    std::string kind, name;
  };
  auto scope = std::make_shared<scope_options>();
  const auto one = add_order(to, order);
  auto* id = to.get_option("id")->required(false);
  for (const std::string kind : {"pool", "owner", "storage"})
    to.add_option_function<std::string>(
          "--" + kind,
          [scope, kind](const std::string& name) {
            *scope = {kind, name};
          },
          "Instead of one migration: all of that " + kind)
        ->type_name(kind == "pool"    ? "POOL"
                    : kind == "owner" ? "OWNER"
                                      : "STORAGE")
        ->excludes(id);
  return [=, &to](const session& with) -> outcome<void> {
    if (!scope->kind.empty())
      return steer_scope(with, order, scope->kind, scope->name,
                         {to.get_option("--actor")->as<std::string>(),
                          to.get_option("--reason")->as<std::string>(),
                          to.get_option("--dry-run")->as<bool>()});
    if (to.get_option("id")->count() == 0)
      return give_up(exit_code::usage, "say which migration, or --pool, --owner or --storage");
    return one(with);
  };
}

} // namespace

action add_retry(CLI::App& to) {
  return add_order(to, "retry", [](CLI::App& app, target_options& want) {
    app.add_option("--from", want.details.step,
                   "This step again, done or not, and all that depends on it");
  });
}

action add_skip(CLI::App& to) {
  return add_order(to, "skip", [](CLI::App& app, target_options& want) {
    app.add_option("step", want.details.step, "The step to go on without")->required();
  });
}

action add_override(CLI::App& to) {
  return add_order(to, "override-input", [](CLI::App& app, target_options& want) {
    app.add_option("step", want.details.step, "The step that is given it, from its next attempt on")
        ->required();
    app.add_option("input", want.details.input,
                   "A JSON object, merged into its input; null takes it back")
        ->required();
  });
}

action add_priority(CLI::App& to) {
  return add_order(to, "priority", [](CLI::App& app, target_options& want) {
    app.add_option("priority", want.details.priority, "-100 to 100; the higher, the sooner")
        ->required();
  });
}

action add_hold(CLI::App& to) { return add_order(to, "hold"); }

action add_reject(CLI::App& to) { return add_order(to, "reject"); }

action add_rollback(CLI::App& to) { return add_order(to, "rollback"); }

action add_approve(CLI::App& to) { return add_order(to, "approve"); }

action add_cancel(CLI::App& to) { return add_order(to, "cancel"); }

action add_pause(CLI::App& to) { return add_scoped(to, "pause"); }

action add_resume(CLI::App& to) { return add_scoped(to, "resume"); }

} // namespace skein::console
