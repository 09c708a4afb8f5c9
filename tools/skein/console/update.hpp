#pragma once

#include "tools/skein/console/key.hpp"
#include "tools/skein/console/model.hpp"

/// What happens to the model, and what is to be asked of the daemon because of it. Nothing here
/// waits, or touches anything but its arguments.
namespace skein::console::screen {

requests press(model&, const key&);

requests take(model&, const answer&);

requests take(model&, const news&);

/// Time goes on. Asks for what is shown once it may be out of date, but at most once a second, and
/// more seldom where answers take long.
requests tick(model&, steady now, migration::timestamp clock);

requests resize(model&, std::size_t columns, std::size_t rows);

// What the above are made of.

/// Asks for all that is shown.
requests load_shown(model&);

/// The rows that are on the screen, or come next.
load_rows rows_shown(const model&);

/// Goes to a view; `back` takes it back here.
requests show(model&, view);
requests open_migration(model&, const std::string& id);

/// All that the agents of the opened migration said lately, or the newest of it.
requests toggle_lines(model&);

/// The list with another filter.
requests refilter(model&, const std::string& filter);
requests reorder(model&, const std::string& order, bool is_descending);

/// Asks for the reason of an order.
void ask_reason(model&, const verb&, const std::string& id, nlohmann::json details = {});

/// Carries out what was typed behind `:`.
requests obey(model&, const std::string& command);

/// Keeps what is chosen and scrolled to within what there is.
void clamp(model&);

} // namespace skein::console::screen
