#include "cluster/nats_folder.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>

namespace skein::cluster {

namespace {

constexpr int stop_patience_ms = 5000;

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

bool ended_within(int pidfd, int milliseconds) {
  pollfd watched{pidfd, POLLIN, 0};
  return poll(&watched, 1, milliseconds) > 0;
}

std::optional<std::uint16_t> port_of(const nlohmann::json& url) {
  const auto text = url.is_string() ? url.get<std::string>() : std::string{};
  const auto colon = text.rfind(':');
  const auto number = colon == std::string::npos ? 0 : std::atoi(text.c_str() + colon + 1);
  if (number < 1 || number > 65535)
    return std::nullopt;
  return static_cast<std::uint16_t>(number);
}

} // namespace

expected<nats_folder> nats_folder::open(const std::filesystem::path& path) {
  nats_folder out;
  std::error_code error;
  out.path_ = std::filesystem::absolute(path);
  std::filesystem::create_directories(out.path_, error);
  if (error)
    return fail("cannot create the nats-server folder " + out.path_.string() + ": "
                + error.message());
  if (auto locked = out.lock(); !locked)
    return tl::unexpected{locked.error()};
  if (auto stopped = out.stop_previous(); !stopped)
    return tl::unexpected{stopped.error()};
  return out;
}

expected<void> nats_folder::lock() {
  const auto file = path_ / "lock";
  lock_.reset(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!lock_)
    return fail("cannot open " + file.string() + ": " + std::strerror(errno)
                + "; the nats-server folder must be writable");
  if (flock(lock_.get(), LOCK_EX | LOCK_NB) != 0)
    return fail("another process runs the nats-server of " + path_.string()
                + "; stop it or choose another folder");
  return {};
}

// The number in the pid file may meanwhile be anyone's: only a process that was started with our
// configuration file is taken for our server.
expected<void> nats_folder::stop_previous() const {
  const int pid = std::atoi(read_file(path_ / "nats.pid").c_str());
  if (pid <= 0)
    return {};
  const unique_fd process{static_cast<int>(syscall(SYS_pidfd_open, pid, 0))};
  const auto command = read_file("/proc/" + std::to_string(pid) + "/cmdline");
  if (!process || command.find(config_file().string()) == std::string::npos)
    return {};
  for (const int signal : {SIGTERM, SIGKILL}) {
    kill(pid, signal);
    if (ended_within(process.get(), stop_patience_ms))
      return {};
  }
  return fail("a former nats-server (process " + std::to_string(pid) + ") still runs on "
              + path_.string() + " and does not end when killed; stop it by hand");
}

// The file holds passwords: it gets its mode before its content.
expected<void> nats_folder::write_config(const std::string& text) const {
  const unique_fd file{
      ::open(config_file().c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)};
  if (!file || fchmod(file.get(), 0600) != 0
      || write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
    return fail("cannot write " + config_file().string() + ": " + std::strerror(errno));
  return {};
}

std::optional<std::uint16_t> nats_folder::ready_port(int pid) const {
  const auto suffix = "_" + std::to_string(pid) + ".ports";
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator{path_, error}) {
    if (!entry.path().filename().string().ends_with(suffix))
      continue;
    // The server does not write the file in one go: half of it is no JSON yet.
    const auto ports = nlohmann::json::parse(read_file(entry.path()), nullptr, false);
    if (ports.is_object() && ports.contains("nats") && !ports["nats"].empty())
      return port_of(ports["nats"][0]);
  }
  return std::nullopt;
}

void nats_folder::forget_ports_files() const {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator{path_, error})
    if (entry.path().extension() == ".ports")
      std::filesystem::remove(entry.path(), error);
}

} // namespace skein::cluster
