#pragma once

#include "actors/runner.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace skein::actors::test {

/// A runner whose runs last until the test ends them, in the test's own time and thread.
class recording_runner : public runner {
public:
  struct entry {
    launch what;
    run_callbacks out;
    bool is_told_to_stop = false;
    bool is_gone = false;

    /// The run ends, and says so.
    void end(std::variant<migration::success, migration::setback> outcome) {
      out.ended({std::move(outcome), {}});
    }
  };

  tl::expected<std::unique_ptr<run>, migration::setback> start(launch what,
                                                               run_callbacks out) override {
    if (refusal)
      return tl::unexpected{*refusal};
    all.push_back(std::make_shared<entry>(entry{std::move(what), std::move(out)}));
    return std::make_unique<handle>(all.back());
  }

  std::vector<std::shared_ptr<entry>> all;
  std::optional<migration::setback> refusal;

private:
  struct handle : run {
    explicit handle(std::shared_ptr<entry> x) : about{std::move(x)} {}
    ~handle() override { about->is_gone = true; }
    void stop(std::chrono::milliseconds) override { about->is_told_to_stop = true; }
    std::shared_ptr<entry> about;
  };
};

/// The calls that came through a port, to be answered by the test.
template <class Call, class Reply>
struct recorded_port {
  struct entry {
    Call what;
    std::function<void(expected<Reply>)> done;
  };
  std::vector<entry> all;
  std::size_t answered = 0;

  auto port() {
    return [this](Call what, auto done) { all.push_back({std::move(what), std::move(done)}); };
  }
  std::size_t open() const { return all.size() - answered; }
  /// Answers the oldest call that has no answer.
  Call answer(expected<Reply> reply) {
    auto& next = all.at(answered++);
    next.done(std::move(reply));
    return next.what;
  }
};

} // namespace skein::actors::test
