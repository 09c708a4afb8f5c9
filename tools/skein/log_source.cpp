#include "tools/skein/source.hpp"

#include "actors/api/query_api.hpp"
#include "actors/projection.hpp"
#include "store/event_log.hpp"
#include "tools/skein/view_overlay.hpp"
#include "tools/skein/words.hpp"

namespace skein::console {

namespace {

constexpr uint64_t records_at_once = 10'000;

/// The log and the view of a daemon that does not run, read without changing them. What the view
/// lacks, all of it if need be, is made in memory.
class stopped_source final : public source {
public:
  stopped_source(std::unique_ptr<store::log_follower> log, std::unique_ptr<store::view_reader> view)
      : log_{std::move(log)}, kept_{std::move(view)}, view_{kept_.get()} {}

  outcome<std::string> get(const std::string& path, const parameters& query) override {
    if (reads_view(path))
      if (auto done = shadow_.catch_up(records_at_once); !done)
        return give_up(exit_code::refused, done.error().what);
    auto answer = api_.get(path, query);
    if (answer.status != 200)
      return tl::unexpected{trouble_of(answer.status, answer.body)};
    return std::move(answer.body);
  }
  bool is_live() const override { return false; }

private:
  /// A fleet may be larger than memory, and these go through it without the view.
  static bool reads_view(const std::string& path) {
    return path != "/v1/replay" && path != "/v1/diff";
  }

  std::unique_ptr<store::log_follower> log_;
  std::unique_ptr<store::view_reader> kept_;
  view_overlay view_;
  actors::projection shadow_{*log_, view_};
  actors::query_api api_{*log_, view_, now};
};

} // namespace

outcome<std::unique_ptr<source>> log_source(const std::filesystem::path& state) {
  std::error_code ignored;
  if (!std::filesystem::exists(state / "log", ignored))
    return give_up(exit_code::no_daemon,
                   "there is no log in " + state.string()
                       + " yet: skeind has never run here; start it with: skein run");
  auto log = store::open_log_read_only(state / "log");
  if (!log)
    return give_up(exit_code::refused, log.error().what);
  // The view can always be made again, so it is no trouble when it cannot be read.
  auto view = store::open_view_read_only(state / "view");
  const bool fits = view && actors::is_view_of(**view, **log);
  return std::make_unique<stopped_source>(*std::move(log), fits ? *std::move(view) : nullptr);
}

} // namespace skein::console
