#pragma once

#include "tools/skein/console/bell.hpp"
#include "tools/skein/console/request.hpp"
#include "tools/skein/session.hpp"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>

namespace skein::console::screen {

/// Where answers wait for the screen.
class inbox {
public:
  void put(answer);
  std::vector<answer> take();
  const bell& rings() const { return rings_; }

private:
  bell rings_;
  std::mutex guard_;
  std::vector<answer> waiting_;
};

/// Carries requests out on a thread of its own, one after the other; each finds the daemon anew,
/// which may have been started again. A request that waits gives way to a later one of its kind,
/// but for orders, which are all given, once each.
class loader {
public:
  loader(daemon_finder find, std::string actor, inbox& to);

  /// Ends what is under way within a second.
  ~loader();

  void ask(request);

private:
  void run();
  bool is_overtaken(const request&) const;

  daemon_finder find_;
  std::string actor_;
  inbox& to_;
  std::atomic<bool> ends_ = false;
  mutable std::mutex guard_;
  std::condition_variable has_news_;
  std::deque<request> waiting_;
  std::thread thread_; ///< last: it uses the others
};

/// One request, carried out. `is_overtaken` is looked at between the calls of those that need
/// several.
outcome<nlohmann::json> carry_out(const request&, const daemon&, const std::string& actor,
                                  const call_limits&, const std::function<bool()>& is_overtaken);

} // namespace skein::console::screen
