#include "bench/mixed_fleet.hpp"
#include "bench/row.hpp"
#include "bench/support.hpp"
#include "cluster/this_process.hpp"

#include <csignal>
#include <pty.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

// bench_console [migrations [seconds]]: what share of a core `skein console` takes at 200x60, in
// each of its views, with so many migrations stored and fifty more a second under way.

namespace {

using namespace skein;
using namespace skein::bench;
using namespace std::chrono_literals;

constexpr double most_of_a_core = 0.1;

/// The console in a terminal whose output nobody looks at.
class console_in_terminal {
public:
  explicit console_in_terminal(const std::filesystem::path& workspace) {
    winsize size{60, 200, 0, 0};
    const auto program = (cluster::this_program().parent_path() / "skein").string();
    id_ = forkpty(&terminal_, nullptr, nullptr, &size);
    if (id_ < 0)
      give_up("there is no terminal for the console");
    if (id_ == 0) {
      setenv("TERM", "xterm-256color", 1);
      execl(program.c_str(), program.c_str(), "-w", workspace.c_str(), "console", nullptr);
      _exit(127);
    }
    reader_ = std::thread{[this] {
      char screen[1 << 14];
      while (read(terminal_, screen, sizeof screen) > 0) {
        // A terminal that were not read would block it.
      }
    }};
  }
  ~console_in_terminal() {
    kill(id_, SIGTERM);
    waitpid(id_, nullptr, 0);
    reader_.join();
    close(terminal_);
  }
  console_in_terminal(const console_in_terminal&) = delete;
  console_in_terminal& operator=(const console_in_terminal&) = delete;

  int id() const { return id_; }

  void press(const std::string& keys) const {
    if (write(terminal_, keys.data(), keys.size()) != static_cast<ssize_t>(keys.size()))
      give_up("the console takes no keys");
  }

private:
  int id_ = -1;
  int terminal_ = -1;
  std::thread reader_;
};

} // namespace

int main(int count, char** arguments) {
  const auto migrations = argument(count, arguments, 1, 100'000);
  const std::chrono::seconds watched{argument(count, arguments, 2, 20)};
  const mixed_fleet fleet{migrations};
  const console_in_terminal console{fleet.folder()};
  std::this_thread::sleep_for(2s); // until it is there

  const std::pair<const char*, const char*> views[]{{"overview", "1"},
                                                    {"migrations, by id", "2"},
                                                    {"migrations, by change", "2:sort -changed\r"},
                                                    {"failures", "3"},
                                                    {"pools", "4"}};
  for (const auto& [name, keys] : views) {
    console.press(keys);
    const auto before = processor_time(console.id());
    const auto took = seconds([&] { std::this_thread::sleep_for(watched); });
    const auto used = (processor_time(console.id()) - before).count() / took;
    print(
        {std::string{"console, "} + name, used, "of a core", "a core", 1, at_most(most_of_a_core)});
  }
}
