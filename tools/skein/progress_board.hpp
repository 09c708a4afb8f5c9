#pragma once

#include "tools/skein/terminal.hpp"

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace skein::console {

/// How far a run has come, migration by migration: on a terminal a board that is painted over, in a
/// pipe a line for each change.
class progress_board {
public:
  explicit progress_board(const terminal& to) : to_{to} {}

  /// Takes in the list of migrations (`/v1/migrations`), and prints what changed.
  void update(const nlohmann::json& migrations);

  /// An agent said how far it is; negative: unknown.
  void note(const std::string& id, double share, const std::string& message);

  /// What a terminal shows: the migrations that move, those that work before those that wait, and
  /// how far all are.
  std::vector<std::string> lines() const;

  /// Leaves the board standing; what is printed next comes below it.
  void finish();

private:
  struct line {
    std::string phase, step, status, why;
    double share = -1;
    std::string message;
  };
  using named_line = std::map<std::string, line>::value_type;

  void print_changes(const std::map<std::string, line>& next) const;
  void paint();
  std::vector<const named_line*> moving() const;
  std::string text_of_line(const named_line&) const;
  std::string overall() const;

  terminal to_;
  std::map<std::string, line> lines_;
  std::size_t painted_ = 0;
};

} // namespace skein::console
