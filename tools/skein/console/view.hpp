#pragma once

#include "tools/skein/console/model.hpp"

/// The model as a picture. All of it is pure, so that tests need no terminal.
namespace skein::console::screen {

picture picture_of(const model&);

/// All lines of a view that scrolls; none for those in which a row is chosen.
std::vector<line> text_lines(const model&);

/// Whether the line has the part, in any case of letters.
bool has_text(const std::string& line, const std::string& part);

// The views' bodies: as many lines as the view has, or for the first two as fit.

std::vector<line> migrations_body(const model&);
std::vector<line> failures_body(const model&);
std::vector<line> overview_lines(const model&);
std::vector<line> fleet_lines(const model&);
std::vector<line> migration_lines(const model&);
std::vector<line> help_lines(const model&);

/// The steps as a tree: each below the last of those it waits for. `attempts` have the progress.
std::vector<line> step_lines(const nlohmann::json& steps, const nlohmann::json& attempts,
                             std::size_t columns, migration::timestamp now);

/// A title within a body.
line title(const std::string& text);

} // namespace skein::console::screen
