#pragma once

#include "tools/skein/outcome.hpp"
#include "tools/skein/workspace_state.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace skein::console {

/// A workspace's daemon for as long as a command needs it: the one that runs already, or one that
/// is started for the command and stopped with it. It dies with us, even if we are killed.
class local_daemon {
public:
  /// Returns once the daemon is ready to work.
  static outcome<std::unique_ptr<local_daemon>> start(const std::filesystem::path& workspace,
                                                      const std::filesystem::path& state);

  /// Stops the daemon if it was started here, and returns when it has ended.
  ~local_daemon();

  const daemon& address() const;

  /// Whether the daemon was started here.
  bool is_ours() const;

  /// Why it is gone, if it is.
  std::optional<std::string> ended() const;

private:
  struct impl;
  explicit local_daemon(std::unique_ptr<impl> owned);
  std::unique_ptr<impl> impl_;
};

} // namespace skein::console
