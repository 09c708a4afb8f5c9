// The processes: the daemon, its bus, its log.
#include "tools/skein/doctor/gather.hpp"

#include "actors/api/openapi.hpp"
#include "actors/coordinator_wiring.hpp"
#include "cluster/bus.hpp"
#include "cluster/child_process.hpp"
#include "cluster/embedded_nats.hpp"
#include "cluster/http_client.hpp"
#include "cluster/subjects.hpp"
#include "events/decode_event.hpp"
#include "store/event_log.hpp"
#include "store/signing_key.hpp"
#include "tools/skein/source.hpp"
#include "tools/skein/words.hpp"

#include <ctime>
#include <fstream>
#include <nlohmann/json.hpp>

namespace skein::console::doctor {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using clock = std::chrono::steady_clock;

constexpr std::chrono::seconds patience{5};

/// The `Date` of an HTTP answer (RFC 9110, section 5.6.7).
std::optional<time_point> date_of(const cluster::http_response& from) {
  for (const auto& [name, value] : from.headers) {
    if (strcasecmp(name.c_str(), "date") != 0)
      continue;
    std::tm parts{};
    if (strptime(value.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts) != nullptr)
      return std::chrono::system_clock::from_time_t(timegm(&parts));
  }
  return std::nullopt;
}

/// The last line that the program prints.
std::string version_of(const std::string& program) {
  std::string last;
  cluster::spawn_options options;
  options.argv = {program, "--version"};
  options.on_stdout_line = [&](std::string_view line) { last = line; };
  options.limits.wall = patience;
  if (const auto child = cluster::child_process::spawn(std::move(options)))
    (*child)->wait();
  return one_line(last);
}

/// JetStream answers to one request, and the streams are there.
void look_at_streams(cluster::bus& bus, const std::vector<std::string>& subjects, nats_facts& to) {
  const auto begun = clock::now();
  const auto said = bus.request("$JS.API.INFO", "", patience);
  to.round_trip = std::chrono::duration_cast<std::chrono::microseconds>(clock::now() - begun);
  const auto answer = said ? json::parse(said->data, nullptr, false) : json{};
  if (!said || answer.contains("error"))
    to.without_jetstream = !said ? said.error().what : text_of(answer["error"], "description");
  if (!to.without_jetstream.empty())
    return;
  for (const auto& stream : cluster::streams::all(subjects)) {
    ++to.streams;
    if (const auto there = bus.stream_info(stream.name); !there)
      to.missing_streams.push_back(stream.name + " is not there");
  }
}

} // namespace

daemon_facts gather_daemon(const fs::path& state) {
  daemon_facts result;
  const auto file = state / "daemon.json";
  std::error_code ignored;
  if (!fs::exists(file, ignored))
    return result;
  std::ifstream in{file};
  const auto said = json::parse(in, nullptr, false);
  result.pid = static_cast<int>(number_of(said, "pid"));
  result.file = find_daemon(state) ? daemon_facts::run_file::alive : daemon_facts::run_file::stale;
  return result;
}

void ask_daemon(const daemon& running, daemon_facts& to, clock_facts& clock) {
  to.pid = running.pid;
  to.url = running.http;
  const auto ready = call_daemon(running, "/readyz", patience);
  if (!ready) {
    to.why_silent = ready.error().what;
    return;
  }
  to.ready_status = ready->status;
  if (const auto date = date_of(*ready)) {
    // The header has whole seconds, so that up to one of difference means nothing.
    const auto late = std::chrono::system_clock::now() - *date;
    clock.ahead = std::chrono::duration_cast<std::chrono::milliseconds>(
        late > std::chrono::seconds{1} ? late - std::chrono::seconds{1}
        : late.count() < 0             ? late
                                       : std::chrono::system_clock::duration{0});
  }
  to.ready_says = text_of(json::parse(ready->body, nullptr, false), "detail");
  if (const auto document = call_daemon(running, "/v1/openapi.json", patience))
    to.is_same_build = document->status != 200 || document->body == actors::openapi_document();
}

nats_facts gather_nats(cluster::bus_options to, bool is_own, const config::workspace* space) {
  nats_facts result;
  result.url = to.url;
  result.is_own = is_own;
  if (is_own)
    if (const auto program = cluster::find_nats_server()) {
      result.program = *program;
      result.version = version_of(*program);
    }
  if (to.url.empty())
    return result;
  auto bus = cluster::bus::connect(std::move(to));
  if (!bus)
    result.why_not = bus.error().what;
  else
    look_at_streams(**bus, space ? actors::action_subjects(*space) : std::vector<std::string>{},
                    result);
  return result;
}

log_facts gather_log(const fs::path& state, const config::audit& audit, clock_facts& clock) {
  log_facts result;
  std::error_code ignored;
  result.exists = fs::exists(state / "log", ignored);
  result.audit_key = audit.key;
  result.has_heads
      = fs::exists(audit.heads_file, ignored) && fs::file_size(audit.heads_file, ignored) > 0;
  result.has_audit_key = fs::exists(audit.key, ignored);
  if (result.has_audit_key)
    if (const auto key = store::signing_key::load_or_make(audit.key, "doctor"); !key)
      result.audit_key_unusable = key.error().what;
  if (!result.exists)
    return result;
  // Beside a daemon as well: a follower takes no lock.
  const auto log = store::open_log_read_only(state / "log");
  if (!log) {
    result.why_unreadable = log.error().what;
    return result;
  }
  result.last_sequence = (*log)->last_sequence();
  if (result.last_sequence == 0)
    return result;
  const auto read = (*log)->read(result.last_sequence, 1, [&](const store::stored& newest) {
    if (const auto event = decode_event(newest.bytes))
      clock.newest_event = event->at;
    return true;
  });
  if (!read)
    result.why_unreadable = read.error().what;
  return result;
}

} // namespace skein::console::doctor
