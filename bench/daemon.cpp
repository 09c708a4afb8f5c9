#include "bench/daemon.hpp"

#include "bench/support.hpp"
#include "cluster/http_client.hpp"
#include "cluster/subjects.hpp"
#include "events/bus.hpp"

#include <csignal>
#include <fmt/format.h>
#include <fstream>
#include <nlohmann/json.hpp>
#include <spawn.h>
#include <sstream>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

extern char** environ;

namespace skein::bench {

namespace fs = std::filesystem;

namespace {

constexpr std::chrono::milliseconds look_every{5};
constexpr std::chrono::minutes start_patience{5};
constexpr std::chrono::seconds publish_patience{10};
constexpr std::size_t published_at_once = 500;

fs::path beside_this(const std::string& program) {
  return fs::read_symlink("/proc/self/exe").parent_path() / program;
}

void write(const fs::path& file, const std::string& text) {
  fs::create_directories(file.parent_path());
  std::ofstream{file} << text;
}

/// The number behind `name` in a file of /proc, for example of "VmRSS:".
uint64_t number_after(const fs::path& file, const std::string& name) {
  std::ifstream from{file};
  for (std::string word; from >> word;)
    if (uint64_t value = 0; word == name && from >> value)
      return value;
  return 0;
}

/// The child of that name; 0 if there is none.
int child_of(int parent, const std::string& name) {
  for (const auto& entry : fs::directory_iterator{"/proc"}) {
    std::ifstream status{entry.path() / "status"};
    std::string first, command;
    if (!(status >> first >> command) || command != name)
      continue;
    if (number_after(entry.path() / "status", "PPid:") == static_cast<uint64_t>(parent))
      return std::stoi(entry.path().filename());
  }
  return 0;
}

} // namespace

process::process(const std::string& program, const std::vector<std::string>& arguments) {
  const auto launcher = beside_this("skein-exec").string();
  const auto file = beside_this(program).string();
  if (access(file.c_str(), X_OK) != 0)
    give_up("cannot start " + file + "; build the target " + program);
  std::vector<std::string> words{launcher, "--parent", std::to_string(getpid()), "--", file};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (auto& each : words)
    argv.push_back(each.data());
  argv.push_back(nullptr);
  if (posix_spawn(&id_, launcher.c_str(), nullptr, nullptr, argv.data(), environ) != 0)
    give_up("cannot start " + launcher + "; build the target skein-exec");
}

process::~process() {
  kill(id_, SIGTERM);
  waitpid(id_, nullptr, 0);
}

void write_workspace(const fs::path& folder, uint32_t slots) {
  for (const auto* empty : {"catalog", "contracts", "mappings"})
    fs::create_directories(folder / empty);
  write(folder / "skein.yaml", "workspace:\n  name: bench\n  workflow: four-steps\n"
                               "limits: {intake: 2000}\n"
                               "fleet: {slots: "
                                   + std::to_string(slots) + ", lease_ttl: 60s}\n");
  write(folder / "agents" / "agents.yaml", "name: idle\ncommand: idle\n");
  write(folder / "workflows" / "four-steps.yaml",
        "workflow:\n  name: four-steps\n  steps:\n"
        "    - {name: discover, agent: idle}\n"
        "    - {name: check, agent: idle, depends_on: discover}\n"
        "    - {name: migrate, agent: idle, depends_on: check}\n"
        "    - {name: validate, agent: idle, depends_on: migrate}\n");
}

cluster::durable_message request_of(uint64_t number, const std::string& scan) {
  const bus::migrate_request what{fmt::format("dataset-{:07}", number), "v1", "v2", scan};
  const auto id = fmt::format("{}-{}", scan, number);
  return {cluster::subjects::actions,
          encode(what, bus::encoding::json),
          id,
          {{"Content-Type", std::string{bus::json_content_type}}}};
}

void publish(cluster::bus& bus, const std::vector<cluster::durable_message>& all) {
  for (std::size_t from = 0; from < all.size();) {
    const auto count = std::min(published_at_once, all.size() - from);
    const auto done
        = bus.publish_durable_batch(std::span{all}.subspan(from, count), publish_patience);
    if (done.first_unacknowledged == 0)
      give_up("the bus takes no requests: " + done.why);
    from += done.first_unacknowledged;
  }
}

whole_daemon::whole_daemon(const fs::path& workspace)
    : process_{
        "skeind",
        {"--workspace", workspace.string(), "--role", "coordinator", "--log-level", "warning"}} {
  const auto deadline = std::chrono::steady_clock::now() + start_patience;
  for (;;) {
    if (auto found = tools::read_run_file(workspace / ".skein");
        found && found->pid == process_.id()) {
      address_ = *found;
      break;
    }
    if (int how = 0; waitpid(process_.id(), &how, WNOHANG) != 0)
      give_up(fmt::format("skeind ended with wait status {:#x}; start it by hand to see why", how));
    if (std::chrono::steady_clock::now() > deadline)
      give_up("skeind is not ready");
    std::this_thread::sleep_for(look_every);
  }
  bus_id_ = child_of(process_.id(), "nats-server");
}

uint64_t whole_daemon::count(const std::string& phase) const {
  const auto answer = value_of(
      cluster::http_call("GET", address_.http + "/v1/status", {}, {}, std::chrono::seconds{10}));
  const auto body = nlohmann::json::parse(answer.body, nullptr, false);
  return body.is_object() && body.contains("phases") ? body["phases"].value(phase, uint64_t{0}) : 0;
}

std::chrono::duration<double> processor_time(int process_id) {
  std::ifstream file{"/proc/" + std::to_string(process_id) + "/stat"};
  std::string text{std::istreambuf_iterator<char>{file}, {}};
  // proc(5): fields 14 and 15, counted behind the command's closing parenthesis.
  std::istringstream fields{text.substr(text.rfind(')') + 2)};
  std::string skipped;
  for (int i = 3; i < 14; ++i)
    fields >> skipped;
  double user = 0, kernel = 0;
  fields >> user >> kernel;
  return std::chrono::duration<double>{(user + kernel) / static_cast<double>(sysconf(_SC_CLK_TCK))};
}

std::chrono::duration<double> whole_daemon::processor_time() const {
  return bench::processor_time(process_.id());
}

std::chrono::duration<double> whole_daemon::processor_time_of_bus() const {
  return bench::processor_time(bus_id_);
}

uint64_t whole_daemon::resident_bytes() const {
  return 1024 * number_after("/proc/" + std::to_string(process_.id()) + "/status", "VmRSS:");
}

} // namespace skein::bench
