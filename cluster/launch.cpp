#include "cluster/launch.hpp"

#include "cluster/this_process.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <poll.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

namespace skein::cluster {

namespace {

constexpr int status_fd = 3;

bool executable(const std::string& path) {
  struct stat info {};
  return stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode) && access(path.c_str(), X_OK) == 0;
}

expected<std::string> check_path(const std::string& given) {
  // The launcher changes the folder before it starts the program.
  const auto path = std::filesystem::absolute(given).string();
  if (executable(path))
    return path;
  if (access(path.c_str(), F_OK) != 0)
    return fail("agent binary " + path + " does not exist; install it or correct `command`");
  return fail("agent binary " + path
              + " is not an executable file; correct its permissions or `command`");
}

expected<std::string> find_launcher() {
  if (const char* given = std::getenv("SKEIN_EXEC"))
    return executable(given)
               ? expected<std::string>{given}
               : fail(std::string{"SKEIN_EXEC names "} + given
                      + ", which is not an executable file; correct the variable or unset it");
  const auto self = this_program();
  auto path = (self.parent_path() / "skein-exec").string();
  if (!self.empty() && executable(path))
    return path;
  return fail("the launcher skein-exec is not at " + path
              + "; install it beside the running program or name it in SKEIN_EXEC");
}

struct pipe_ends {
  unique_fd read, write;
};

// Kept above the numbers that the child's own descriptors get, so that no dup2 overwrites one.
int out_of_the_way(int fd) {
  const int moved = fcntl(fd, F_DUPFD_CLOEXEC, 10);
  close(fd);
  return moved;
}

expected<pipe_ends> make_pipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0)
    return fail(std::string{"cannot make a pipe for a child process: "} + std::strerror(errno)
                + "; raise the limit on open files (ulimit -n)");
  pipe_ends out{unique_fd{out_of_the_way(ends[0])}, unique_fd{out_of_the_way(ends[1])}};
  if (!out.read || !out.write)
    return fail("cannot make a pipe for a child process: too many open files; raise ulimit -n");
  return out;
}

struct child_pipes {
  pipe_ends in, out, err, status;
};

expected<child_pipes> make_pipes() {
  child_pipes pipes;
  for (auto* each : {&pipes.in, &pipes.out, &pipes.err, &pipes.status}) {
    auto made = make_pipe();
    if (!made)
      return tl::unexpected{made.error()};
    *each = std::move(*made);
  }
  return pipes;
}

std::vector<std::string> launcher_arguments(const spawn_options& options,
                                            const std::string& program) {
  std::vector<std::string> out{"skein-exec", "--status-fd", std::to_string(status_fd), "--parent",
                               std::to_string(getpid())};
  const auto flag = [&](const char* name, std::string value) {
    out.emplace_back(name);
    out.push_back(std::move(value));
  };
  const auto& limits = options.limits;
  if (limits.cpu_seconds)
    flag("--cpu", std::to_string(*limits.cpu_seconds));
  if (limits.memory_bytes)
    flag("--memory", std::to_string(*limits.memory_bytes));
  if (limits.open_files)
    flag("--files", std::to_string(*limits.open_files));
  if (!options.cwd.empty())
    flag("--cwd", options.cwd);
  flag("--", program);
  out.insert(out.end(), options.argv.begin() + 1, options.argv.end());
  return out;
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> out;
  for (auto& each : strings)
    out.push_back(each.data());
  out.push_back(nullptr);
  return out;
}

class spawn_setup {
public:
  explicit spawn_setup(const child_pipes& pipes) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_adddup2(&actions_, pipes.in.read.get(), STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, pipes.out.write.get(), STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, pipes.err.write.get(), STDERR_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, pipes.status.write.get(), status_fd);
    posix_spawnattr_init(&attributes_);
    // The daemon blocks and ignores signals for its own reasons; the agent starts with none of it.
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  spawn_setup(const spawn_setup&) = delete;
  ~spawn_setup() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }

  expected<pid_t> spawn(const std::string& launcher, std::vector<std::string> arguments,
                        std::vector<std::string> environment) {
    pid_t pid = 0;
    const int error = posix_spawn(&pid, launcher.c_str(), &actions_, &attributes_,
                                  pointers(arguments).data(), pointers(environment).data());
    if (error != 0)
      return fail("cannot start " + launcher + ": " + std::strerror(error)
                  + (error == E2BIG ? "; shorten the arguments and the environment" : ""));
    return pid;
  }

private:
  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

std::vector<std::string> environment(const spawn_options& options) {
  std::vector<std::string> out;
  for (const auto& [name, value] : options.env)
    out.push_back(name + "=" + value);
  return out;
}

// The launcher's end closes without a word once the program runs.
std::string read_status(int fd) {
  std::string text;
  std::array<char, 1024> buffer{};
  for (;;) {
    const auto count = read(fd, buffer.data(), buffer.size());
    if (count > 0)
      text.append(buffer.data(), static_cast<std::size_t>(count));
    else if (count == 0 || errno != EINTR)
      return text;
  }
}

void make_nonblocking(int fd) { fcntl(fd, F_SETFL, O_NONBLOCK); }

} // namespace

expected<std::string> find_program(const spawn_options& options) {
  if (options.argv.empty() || options.argv[0].empty())
    return fail("there is no program to run: `command` is empty; name an agent binary");
  const auto& name = options.argv[0];
  if (name.find('/') != std::string::npos)
    return check_path(!options.cwd.empty() && name[0] != '/' ? options.cwd + "/" + name : name);
  const auto entry = options.env.find("PATH");
  const std::string path
      = entry == options.env.end() ? "/usr/local/bin:/usr/bin:/bin" : entry->second;
  for (std::size_t begin = 0; begin <= path.size();) {
    const auto end = std::min(path.find(':', begin), path.size());
    if (auto file = path.substr(begin, end - begin) + "/" + name; end > begin && executable(file))
      return std::filesystem::absolute(file).string();
    begin = end + 1;
  }
  return fail("agent binary " + name + " not found on PATH " + path
              + "; install it or correct `command`");
}

expected<launched> launch(const spawn_options& options, const std::string& program) {
  auto launcher = find_launcher();
  if (!launcher)
    return tl::unexpected{launcher.error()};
  auto pipes = make_pipes();
  if (!pipes)
    return tl::unexpected{pipes.error()};
  auto pid = spawn_setup{*pipes}.spawn(*launcher, launcher_arguments(options, program),
                                       environment(options));
  if (!pid)
    return tl::unexpected{pid.error()};
  for (auto* each : {&pipes->in.read, &pipes->out.write, &pipes->err.write, &pipes->status.write})
    each->reset();
  if (const auto trouble = read_status(pipes->status.read.get()); !trouble.empty()) {
    waitpid(*pid, nullptr, 0);
    return fail("cannot run agent binary " + program + ": " + trouble);
  }
  for (const auto* each : {&pipes->in.write, &pipes->out.read, &pipes->err.read})
    make_nonblocking(each->get());
  unique_fd exited{static_cast<int>(syscall(SYS_pidfd_open, *pid, 0))};
  if (!exited) {
    const auto why = std::string{std::strerror(errno)};
    kill(-*pid, SIGKILL);
    waitpid(*pid, nullptr, 0);
    return fail("cannot watch agent binary " + program + ": " + why + "; raise ulimit -n");
  }
  return launched{*pid, std::move(exited), std::move(pipes->in.write), std::move(pipes->out.read),
                  std::move(pipes->err.read)};
}

} // namespace skein::cluster
