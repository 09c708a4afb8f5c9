// skein-exec: sets up a process as an agent's home, then becomes the agent.
//
//   skein-exec [--parent PID] [--cpu SECONDS] [--memory BYTES] [--files COUNT] [--cwd DIR]
//              [--status-fd FD] -- PROGRAM [ARGUMENT]...
//
// It exists because a daemon with a large heap must not fork, and posix_spawn cannot set limits or
// a death signal. It links nothing but libc, so that starting it costs next to nothing.
// Trouble before the program runs is written to stderr and to FD, and ends with 127; FD closes
// without a word when the program has started.
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace {

struct settings {
  long parent = 0;
  rlim_t cpu_seconds = 0;
  rlim_t memory_bytes = 0;
  rlim_t open_files = 0;
  const char* cwd = nullptr;
  int status_fd = -1;
  char** program = nullptr;
};

[[noreturn]] void give_up(int status_fd, const char* doing, const char* what) {
  char text[1024];
  const int length = std::snprintf(text, sizeof text, "%s %s: %s", doing, what, strerror(errno));
  const auto size = static_cast<size_t>(length) < sizeof text ? length : sizeof text - 1;
  dprintf(STDERR_FILENO, "skein-exec: %s\n", text);
  if (status_fd >= 0 && write(status_fd, text, size) < 0)
    _exit(127);
  _exit(127);
}

unsigned long long number(const settings& so_far, const char* flag, const char* text) {
  char* end = nullptr;
  errno = 0;
  const auto value = std::strtoull(text, &end, 10);
  if (end == text || *end != '\0' || errno != 0) {
    errno = EINVAL;
    give_up(so_far.status_fd, flag, text);
  }
  return value;
}

settings parse(int argc, char** argv) {
  settings out;
  int i = 1;
  for (; i + 1 < argc && std::strcmp(argv[i], "--") != 0; i += 2) {
    const char* flag = argv[i];
    const char* value = argv[i + 1];
    if (std::strcmp(flag, "--cwd") == 0)
      out.cwd = value;
    else if (std::strcmp(flag, "--status-fd") == 0)
      out.status_fd = static_cast<int>(number(out, flag, value));
    else if (std::strcmp(flag, "--parent") == 0)
      out.parent = static_cast<long>(number(out, flag, value));
    else if (std::strcmp(flag, "--cpu") == 0)
      out.cpu_seconds = number(out, flag, value);
    else if (std::strcmp(flag, "--memory") == 0)
      out.memory_bytes = number(out, flag, value);
    else if (std::strcmp(flag, "--files") == 0)
      out.open_files = number(out, flag, value);
    else
      break;
  }
  if (i + 1 >= argc || std::strcmp(argv[i], "--") != 0) {
    errno = EINVAL;
    give_up(out.status_fd, "reading the arguments: expected [--FLAG VALUE]... -- PROGRAM, found",
            i < argc ? argv[i] : "nothing");
  }
  out.program = argv + i + 1;
  return out;
}

// `slack` lies between the soft and the hard limit; what the hard limit forbids stays forbidden.
void limit(const settings& given, __rlimit_resource what, const char* name, rlim_t value,
           rlim_t slack) {
  struct rlimit now {};
  getrlimit(what, &now);
  const auto hard = value + slack < now.rlim_max ? value + slack : now.rlim_max;
  const struct rlimit wanted { value < hard ? value : hard, hard };
  if (setrlimit(what, &wanted) != 0)
    give_up(given.status_fd, "setting the limit on", name);
}

/// The parent may have raised its own for its connections; programs that use select(2), or close
/// whatever might be open, expect what is usual. The hard limit stays for those that need more.
void usual_open_files(const settings& given) {
  constexpr rlim_t usual = 1024;
  struct rlimit now {};
  getrlimit(RLIMIT_NOFILE, &now);
  if (now.rlim_cur <= usual)
    return;
  now.rlim_cur = usual;
  if (setrlimit(RLIMIT_NOFILE, &now) != 0)
    give_up(given.status_fd, "setting the limit on", "open files");
}

void apply_limits(const settings& given) {
  limit(given, RLIMIT_CORE, "core files", 0, 0);
  // SIGXCPU first, so that the program may say why it ends; SIGKILL two seconds later.
  if (given.cpu_seconds > 0)
    limit(given, RLIMIT_CPU, "processor time", given.cpu_seconds, 2);
  if (given.open_files > 0)
    limit(given, RLIMIT_NOFILE, "open files", given.open_files, 0);
  else
    usual_open_files(given);
  if (given.memory_bytes > 0)
    limit(given, RLIMIT_AS, "memory", given.memory_bytes, 0);
}

void die_with_parent(const settings& given) {
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
    give_up(given.status_fd, "asking to end with", "the parent");
  // The parent may have died before the line above took effect: then nobody will send the signal.
  if (given.parent != 0 && getppid() != given.parent)
    _exit(127);
}

void close_all_but(int keep) {
  const auto first = static_cast<unsigned>(STDERR_FILENO + 1);
  if (keep < 0) {
    syscall(SYS_close_range, first, ~0U, 0);
    return;
  }
  // The kept one closes by itself when the program starts, which is how the parent learns of it.
  syscall(SYS_close_range, static_cast<unsigned>(keep), static_cast<unsigned>(keep),
          CLOSE_RANGE_CLOEXEC);
  if (static_cast<unsigned>(keep) > first)
    syscall(SYS_close_range, first, static_cast<unsigned>(keep) - 1, 0);
  syscall(SYS_close_range, static_cast<unsigned>(keep) + 1, ~0U, 0);
}

} // namespace

int main(int argc, char** argv) {
  const auto given = parse(argc, argv);
  setsid();
  die_with_parent(given);
  apply_limits(given);
  if (given.cwd != nullptr && chdir(given.cwd) != 0)
    give_up(given.status_fd, "entering the folder", given.cwd);
  close_all_but(given.status_fd);
  execv(given.program[0], given.program);
  give_up(given.status_fd, "starting", given.program[0]);
}
