#include "tools/skein/command.hpp"
#include "tools/skein/event_line.hpp"
#include "tools/skein/print.hpp"
#include "tools/skein/stop_signals.hpp"
#include "tools/skein/words.hpp"
#include "tools/skein/workspace_state.hpp"

#include "actors/api/query_parameters.hpp"
#include "cluster/bus.hpp"
#include "cluster/subjects.hpp"

#include <CLI/App.hpp>
#include <memory>
#include <nlohmann/json.hpp>

namespace skein::console {

namespace {

constexpr timespec between_looks{0, 500'000'000};

struct watch_options {
  bool from_start = false;
  std::string dataset;
};

bool is_pattern(const std::string& name) { return name.find_first_of("*?[") != name.npos; }

/// One dataset has its own subjects; for a pattern everything comes, and is looked through here.
outcome<cluster::follow_options> stream_of(const watch_options& want) {
  cluster::follow_options result;
  result.stream = cluster::streams::status;
  result.filter_subject = cluster::subjects::status_all;
  result.from
      = want.from_start ? cluster::follow_options::beginning : cluster::follow_options::only_new;
  if (want.dataset.empty() || is_pattern(want.dataset))
    return result;
  auto subject = cluster::subjects::status_of(want.dataset);
  if (!subject)
    return give_up(exit_code::usage, subject.error().what);
  result.filter_subject = *subject;
  return result;
}

void print_message(const session& with, const watch_options& want, const std::string& data) {
  const auto event = nlohmann::json::parse(data, nullptr, false);
  if (!actors::matches(want.dataset, text_of(event, "dataset")))
    return;
  print_line(with.json ? data : event_line(with.out, event));
}

/// Waits for the person to end it; a trouble once the daemon is gone.
outcome<void> wait_for_end(const session& with, const daemon& running, const stop_signals& ends) {
  for (;;) {
    if (ends.came_within(between_looks))
      return {};
    const auto found = find_daemon(with);
    if (!found || found->nats != running.nats)
      return give_up(exit_code::no_daemon, "skeind has stopped");
  }
}

outcome<void> watch(const session& with, const watch_options& want) {
  const auto running = require_daemon(with);
  if (!running)
    return tl::unexpected{running.error()};
  if (running->nats.empty())
    return give_up(exit_code::usage, "watch follows the bus, and context '" + with.remote->context
                                         + "' has no NATS URL; add it with: skein context add "
                                         + shell_word(with.remote->context)
                                         + " --nats URL, or see skein events --follow");
  const auto stream = stream_of(want);
  if (!stream)
    return tl::unexpected{stream.error()};
  const stop_signals ends;
  const auto bus = cluster::bus::connect(bus_of(*running, "skein watch"));
  if (!bus)
    return give_up(exit_code::no_daemon, bus.error().what);
  const auto follower = (*bus)->follow(*stream, [&](const cluster::message& message, uint64_t) {
    print_message(with, want, message.data);
  });
  if (!follower)
    return give_up(exit_code::no_daemon, follower.error().what);
  return wait_for_end(with, *running, ends);
}

} // namespace

action add_watch(CLI::App& to) {
  auto want = std::make_shared<watch_options>();
  to.add_flag("--from-start", want->from_start, "Everything the bus still has first");
  to.add_option("--dataset", want->dataset, "A dataset, or a pattern with * and ?");
  return [want](const session& with) { return watch(with, *want); };
}

} // namespace skein::console
