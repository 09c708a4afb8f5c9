#include "tools/skein/command.hpp"
#include "tools/skein/order_options.hpp"
#include "tools/skein/print.hpp"
#include "tools/skein/source.hpp"

#include <CLI/App.hpp>
#include <memory>
#include <nlohmann/json.hpp>

namespace skein::console {

namespace {

struct target_options {
  std::string id;
  order_options who;
};

outcome<void> give(const session& with, const std::string& order, const target_options& want) {
  const auto running = require_daemon(with.workspace);
  if (!running)
    return tl::unexpected{running.error()};
  const auto done = post_json(*running, migration_path(want.id, order), body_of(want.who));
  if (!done)
    return tl::unexpected{done.error()};
  if (with.json)
    print_line(done->dump());
  else
    print_line(one_line(want.id + " is " + done->value("phase", order + " in the log")));
  return {};
}

action add_order(CLI::App& to, const std::string& order) {
  auto want = std::make_shared<target_options>();
  to.add_option("id", want->id, "Migration, such as movies@v2")->required();
  add_order_options(to, want->who);
  to.get_option("--reason")->required();
  return [want, order](const session& with) { return give(with, order, *want); };
}

} // namespace

action add_retry(CLI::App& to) { return add_order(to, "retry"); }

action add_approve(CLI::App& to) { return add_order(to, "approve"); }

action add_cancel(CLI::App& to) { return add_order(to, "cancel"); }

action add_pause(CLI::App& to) { return add_order(to, "pause"); }

action add_resume(CLI::App& to) { return add_order(to, "resume"); }

} // namespace skein::console
