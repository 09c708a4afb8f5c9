// The machine: folders and their file systems, permissions, limits, clock, certificates.
#include "tools/bus_users.hpp"
#include "tools/skein/doctor/gather.hpp"

#include "actors/api/api_service.hpp"
#include "actors/api/token_file.hpp"
#include "cluster/unique_fd.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <map>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <unistd.h>

namespace skein::console::doctor {

namespace {

namespace fs = std::filesystem;
using clock = std::chrono::steady_clock;

/// statfs(2) tells file systems by these.
std::string file_system_of(const fs::path& path) {
  static const std::map<uint64_t, const char*> names{
      {0xef53, "ext4"},     {0x58465342, "xfs"},      {0x9123683e, "btrfs"}, {0x2fc12fc1, "zfs"},
      {0xf2f52010, "f2fs"}, {0x01021994, "tmpfs"},    {0x858458f6, "ramfs"}, {0x6969, "nfs"},
      {0xff534d42, "cifs"}, {0xfe534d42, "smb2"},     {0x01021997, "9p"},    {0x65735546, "fuse"},
      {0x517b, "smb"},      {0x794c7630, "overlayfs"}};
  struct statfs about {};
  if (statfs(path.c_str(), &about) != 0)
    return "an unknown file system";
  const auto kind = static_cast<uint64_t>(about.f_type) & 0xffffffff;
  const auto found = names.find(kind);
  return found == names.end() ? fmt::format("file system {:#x}", kind) : found->second;
}

std::string system_words() { return std::strerror(errno); }

/// Writes a small file and syncs it; the time of the fsync, or why it could not be done.
void try_to_write(const fs::path& folder, folder_facts& to) {
  const auto file = folder / (".doctor-" + std::to_string(getpid()));
  const cluster::unique_fd out{
      open(file.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, S_IRUSR | S_IWUSR)};
  if (!out) {
    to.unwritable = system_words();
    return;
  }
  const std::string content(4096, 'x');
  const auto begun = clock::now();
  if (write(out.get(), content.data(), content.size()) != static_cast<ssize_t>(content.size())
      || fsync(out.get()) != 0)
    to.unwritable = system_words();
  else
    to.sync_time = std::chrono::duration_cast<std::chrono::microseconds>(clock::now() - begun);
  unlink(file.c_str());
}

fs::path nearest_there(fs::path path) {
  std::error_code ignored;
  while (path.has_relative_path() && !fs::exists(path, ignored))
    path = path.parent_path();
  return path;
}

} // namespace

folder_facts gather_folder(const std::string& role, const fs::path& path) {
  folder_facts result;
  result.role = role;
  result.path = path;
  result.is_state = role == "state";
  std::error_code ignored;
  result.exists = fs::is_directory(path, ignored);
  const auto there = nearest_there(path);
  result.file_system = file_system_of(there);
  struct statvfs room {};
  if (statvfs(there.c_str(), &room) == 0) {
    result.free_bytes = static_cast<uint64_t>(room.f_bavail) * room.f_frsize;
    result.free_inodes = room.f_favail;
    result.inodes = room.f_files;
  }
  if (result.exists)
    try_to_write(path, result);
  else if (access(there.c_str(), W_OK) != 0)
    result.unwritable = system_words();
  return result;
}

std::vector<secret_facts> gather_secrets(const config::workspace& space) {
  std::vector<secret_facts> result;
  const std::pair<fs::path, const char*> all[]{
      {space.state, "the state folder"},
      {space.state / "daemon.json", "the console's way in"},
      {space.state / "api" / "attempt-secret", "the key of the attempts' tokens"},
      {space.audit.key, "the audit key"},
      {space.http.tokens, "the tokens"},
      {space.http.key, "the key of the certificate"},
      {space.http.own_key, "the key of the own certificate"},
      {tools::bus_users_file(space.state), "the users of the bus"},
      {space.nats.key, "the key of the bus's certificate"}};
  for (const auto& [path, what] : all) {
    struct stat about {};
    if (path.empty() || stat(path.c_str(), &about) != 0)
      continue;
    result.push_back({path, what, about.st_mode & 07777u,
                      about.st_uid == geteuid() || about.st_uid == 0, S_ISDIR(about.st_mode)});
  }
  return result;
}

http_facts gather_http(const config::http& from) {
  http_facts result;
  result.listen = from.address + ":" + std::to_string(from.port);
  result.is_loopback = config::is_loopback(from.address);
  if (const auto tokens = actors::read_tokens(from.tokens))
    result.tokens = tokens->size();
  else
    result.tokens_unreadable = tokens.error().what;
  result.has_tls = !from.certificate.empty();
  for (const auto& path : {from.certificate, from.client_ca, from.own_certificate})
    if (!path.empty())
      result.certificates.push_back(gather_certificate(path));
  if (!from.own_certificate.empty())
    result.certificates.back().is_own = true;
  return result;
}

limit_facts gather_limits(int daemon_pid) {
  struct rlimit now {};
  // The running daemon's, or what one that is started from here would have.
  if (daemon_pid <= 0 || prlimit(daemon_pid, RLIMIT_NOFILE, nullptr, &now) != 0)
    getrlimit(RLIMIT_NOFILE, &now);
  return {now.rlim_cur, now.rlim_max};
}

void ask_kernel(clock_facts& to) {
  struct timex about {};
  const auto state = adjtimex(&about);
  if (state >= 0)
    to.is_synchronised = state != TIME_ERROR && (about.status & STA_UNSYNC) == 0;
}

} // namespace skein::console::doctor
