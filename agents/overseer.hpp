#pragma once

#include <memory>
#include <string>

namespace skein::agents {

class database;

/// A thread beside the work: prints progress while a phase runs, and turns SIGTERM and SIGINT
/// into an interrupt of the database. Make it first thing in `main`: it blocks both signals, and
/// threads started later inherit that.
class overseer {
public:
  overseer();
  ~overseer();
  overseer(const overseer&) = delete;
  overseer& operator=(const overseer&) = delete;

  /// From now on progress is of this phase, which takes the share of the whole from `from` to
  /// `to`; a signal interrupts `db`, which must live until the next call or `rest`.
  void watch(database& db, const std::string& phase, double from, double to);

  /// No database is watched any more.
  void rest();

  /// Whether a signal told the program to stop.
  bool stopped() const noexcept;

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

} // namespace skein::agents
