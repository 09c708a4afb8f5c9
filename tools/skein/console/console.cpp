#include "tools/skein/command.hpp"
#include "tools/skein/console/curses.hpp"
#include "tools/skein/console/follower.hpp"
#include "tools/skein/console/loader.hpp"
#include "tools/skein/console/update.hpp"
#include "tools/skein/console/view.hpp"
#include "tools/skein/order_options.hpp"
#include "tools/skein/words.hpp"

#include <CLI/App.hpp>
#include <csignal>
#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

// `skein console`: the loop that brings keys, answers, events and time to the model, and the model
// to the screen. It never waits for the daemon: that is done on the loaders' and follower's
// threads.

namespace skein::console {

namespace {

using namespace screen;
using namespace std::chrono_literals;

constexpr auto between_news = 250ms; ///< a flood of events is looked at no more often
constexpr auto between_paints = 1s;  ///< ages and the clock go on

/// The signals that the loop waits for. Made before the threads, which inherit what is blocked.
class signals {
public:
  signals() {
    sigset_t all;
    sigfillset(&all);
    // Ctrl-Z is the terminal library's, but on this thread alone.
    pthread_sigmask(SIG_BLOCK, &all, nullptr);
    sigset_t ours;
    sigemptyset(&ours);
    for (const int x : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH})
      sigaddset(&ours, x);
    file_ = signalfd(-1, &ours, SFD_CLOEXEC | SFD_NONBLOCK);
  }
  ~signals() { close(file_); }
  signals(const signals&) = delete;
  signals& operator=(const signals&) = delete;

  int file() const { return file_; }

  /// Of this thread only, once the others run.
  void let_through_stops() const {
    sigset_t stops;
    sigemptyset(&stops);
    for (const int x : {SIGTSTP, SIGCONT, SIGTTOU, SIGTTIN})
      sigaddset(&stops, x);
    pthread_sigmask(SIG_UNBLOCK, &stops, nullptr);
  }

  /// The next that came; 0 if none did.
  int next() const {
    signalfd_siginfo info{};
    return read(file_, &info, sizeof info) == sizeof info ? static_cast<int>(info.ssi_signo) : 0;
  }

private:
  int file_ = -1;
};

/// All of a console that runs, in the order of its making.
class application {
public:
  application(const daemon_finder& find, const std::string& actor, full_screen& on,
              const signals& from, const std::string& workspace)
      : screen_{on},
        signals_{from},
        loads_{find, actor, inbox_},
        orders_{find, actor, inbox_},
        follower_{find} {
    model_.workspace = one_line(workspace);
    model_.now = std::chrono::steady_clock::now();
    resize();
  }

  void run() {
    signals_.let_through_stops();
    while (!model_.ends) {
      if (has_changed_)
        paint();
      wait();
    }
  }

private:
  void paint() {
    screen_.paint(picture_of(model_));
    painted_ = std::chrono::steady_clock::now();
    has_changed_ = false;
  }

  void resize() {
    const auto size = screen_.resize();
    send(screen::resize(model_, size.column, size.row));
  }

  void send(const requests& all) {
    for (const auto& x : all)
      (std::holds_alternative<give_order>(x) ? orders_ : loads_).ask(x);
    has_changed_ = true;
  }

  /// Until something comes, or it is time to paint again; then takes it in.
  void wait() {
    const auto now = std::chrono::steady_clock::now();
    const bool hears_news = now - heard_ >= between_news;
    std::array<pollfd, 4> files{{{STDIN_FILENO, POLLIN, 0},
                                 {signals_.file(), POLLIN, 0},
                                 {inbox_.rings().file(), POLLIN, 0},
                                 {hears_news ? follower_.rings().file() : -1, POLLIN, 0}}};
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        hears_news ? between_paints - (now - painted_) : between_news - (now - heard_));
    poll(files.data(), files.size(), static_cast<int>(std::max<int64_t>(left.count() + 1, 0)));
    take_in(files);
  }

  void take_in(const std::array<pollfd, 4>& files) {
    const auto now = std::chrono::steady_clock::now();
    model_.now = now;
    if (files[1].revents != 0)
      take_signals();
    if (files[2].revents != 0)
      for (const auto& x : inbox_.take())
        send(take(model_, x));
    if (files[3].revents != 0) {
      heard_ = now;
      send(take(model_, follower_.take()));
    }
    if ((files[0].revents & POLLIN) != 0)
      take_keys();
    else if (files[0].revents != 0) // the terminal is gone
      model_.ends = true;
    has_changed_ = has_changed_ || now - painted_ >= between_paints;
    if (auto all = tick(model_, now, console::now()); !all.empty())
      send(all);
  }

  void take_signals() {
    while (const int signal = signals_.next())
      if (signal == SIGWINCH)
        resize();
      else
        model_.ends = true;
  }

  void take_keys() {
    for (const auto& x : screen_.keys()) {
      if (x.code == key_code::repaint)
        screen_.repaint();
      send(press(model_, x));
    }
  }

  full_screen& screen_;
  const signals& signals_;
  model model_;
  inbox inbox_;
  loader loads_;
  loader orders_; ///< an order does not wait behind a list
  follower follower_;
  std::chrono::steady_clock::time_point painted_, heard_;
  bool has_changed_ = true;
};

outcome<void> run_console(const session& with, const order_options& who, bool mouse) {
  const auto running = require_daemon(with);
  if (!running)
    return tl::unexpected{running.error()};
  const signals caught;
  const auto on = full_screen::open(with.out.colors, mouse);
  if (!on)
    return tl::unexpected{on.error()};
  std::error_code ignored;
  const auto folder = std::filesystem::weakly_canonical(with.workspace, ignored);
  application{finder_of(with), who.actor, **on, caught,
              with.remote ? with.remote->context : folder.filename().string()}
      .run();
  return {};
}

} // namespace

action add_console(CLI::App& to) {
  struct options {
    order_options who;
    bool no_mouse = false;
  };
  auto given = std::make_shared<options>();
  add_actor_option(to, given->who);
  to.add_flag("--no-mouse", given->no_mouse, "Leave the mouse to the terminal");
  return [given](const session& with) { return run_console(with, given->who, !given->no_mouse); };
}

} // namespace skein::console
