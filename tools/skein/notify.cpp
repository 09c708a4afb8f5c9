#include "cluster/bus.hpp"
#include "cluster/subjects.hpp"
#include "events/bus.hpp"
#include "tools/skein/command.hpp"
#include "tools/skein/order_options.hpp"
#include "tools/skein/print.hpp"
#include "tools/skein/scan_ends.hpp"
#include "tools/skein/source.hpp"
#include "tools/skein/words.hpp"
#include "tools/skein/workspace_state.hpp"

#include <CLI/App.hpp>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>

namespace skein::console {

namespace {

using nlohmann::json;

constexpr std::chrono::seconds publish_patience{5};

struct test_options {
  order_options who;
  std::string channel = "email";
  std::string owner = "group:default/test";
  std::string address;
  uint64_t patience = 60; ///< seconds
};

/// Hears how the notifier's runs end, until it is the one that is waited for.
class result_watch {
public:
  explicit result_watch(std::string digest) : digest_{std::move(digest)} {}

  void hear(const std::string& data) {
    const auto line = json::parse(data, nullptr, false);
    if (text_of(line, "stream") != "result")
      return;
    auto result = json::parse(text_of(line, "text"), nullptr, false);
    if (text_of(result, "digest") != digest_)
      return;
    const std::lock_guard lock{guard_};
    result_ = std::move(result);
    heard_.notify_all();
  }

  std::optional<json> wait(std::chrono::seconds patience) {
    std::unique_lock lock{guard_};
    heard_.wait_for(lock, patience, [&] { return result_.has_value(); });
    return result_;
  }

private:
  const std::string digest_;
  std::mutex guard_;
  std::condition_variable heard_;
  std::optional<json> result_;
};

/// Nothing that is owed: told like any other, but neither reported nor told again.
bus::notice notice_for(const test_options& want, const std::string& digest) {
  bus::notice what;
  what.migration = "test@test";
  what.subject = {migration::subject_kind::dataset, "test", "v1", "v2"};
  what.kind = "test";
  what.why = want.who.actor + " tries the channel " + want.channel + ": " + want.who.reason;
  what.digest = digest;
  what.digest_size = 1;
  what.inputs = {{"discover", json{{"owner_email", want.address}}.dump()}};
  what.labels = {{"owner", want.owner}};
  what.is_copy = true;
  what.telling.channel = want.channel;
  return what;
}

std::string new_digest() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return "test-" + std::to_string(std::chrono::floor<std::chrono::microseconds>(now).count());
}

outcome<void> publish(cluster::bus& bus, const test_options& want, const bus::notice& what) {
  const auto subject = cluster::subjects::notify(want.channel);
  if (!subject)
    return give_up(exit_code::usage, subject.error().what);
  const auto done = bus.publish_durable(*subject, encode(what), what.digest,
                                        {{"Content-Type", std::string{bus::protobuf_content_type}}},
                                        publish_patience);
  if (!done)
    return give_up(exit_code::no_daemon, done.error().what);
  return {};
}

outcome<void> report(const session& with, const test_options& want, const json& result) {
  if (!result.value("ok", false))
    return give_up(exit_code::refused, "the channel " + want.channel
                                           + " does not work: " + one_line(text_of(result, "why")));
  print_line(with.json ? result.dump()
                       : one_line("told on " + want.channel + ": " + result["output"].dump()));
  if (!list_of(result["output"], "rejected").empty()
      || !list_of(result["output"], "unaddressed").empty())
    return give_up(exit_code::refused, "not everybody could be reached; see what is rejected or "
                                       "unaddressed");
  return {};
}

outcome<void> test_channel(const session& with, const test_options& want) {
  const auto running = require_daemon(with);
  if (!running)
    return tl::unexpected{running.error()};
  auto bus = cluster::bus::connect(bus_of(*running, "skein notify"));
  if (!bus)
    return give_up(exit_code::no_daemon, bus.error().what);
  const auto what = notice_for(want, new_digest());
  result_watch watch{what.digest};
  const auto lines = (*bus)->subscribe(
      all_agents_log, {}, [&](const cluster::message& line) { watch.hear(line.data); });
  if (!lines)
    return give_up(exit_code::no_daemon, lines.error().what);
  if (auto sent = publish(**bus, want, what); !sent)
    return sent;
  const auto result = watch.wait(std::chrono::seconds{want.patience});
  if (!result)
    return give_up(exit_code::refused, "nobody told the test within "
                                           + std::to_string(want.patience)
                                           + " s; is there an agent with `channel: " + want.channel
                                           + "`, and a notifier running?");
  return report(with, want, *result);
}

action add_test(CLI::App& to) {
  auto want = std::make_shared<test_options>();
  want->who.reason = "a test";
  to.add_option("--channel", want->channel, "The channel")->capture_default_str();
  to.add_option("--owner", want->owner, "The owner to tell")->capture_default_str();
  to.add_option("--address", want->address, "The owner's mail address, for channels that mail");
  to.add_option("--patience", want->patience, "Seconds to wait for the answer")
      ->capture_default_str();
  add_actor_option(to, want->who);
  to.add_option("-r,--reason", want->who.reason, "Why; told with the test");
  return [want](const session& with) { return test_channel(with, *want); };
}

constexpr command commands[]{
    {"test", "Sends a test notice through a channel, and says how that went", add_test},
};

} // namespace

action add_notify(CLI::App& to) { return add_commands(to, commands); }

} // namespace skein::console
