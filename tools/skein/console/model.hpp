#pragma once

#include "tools/skein/console/picture.hpp"
#include "tools/skein/console/rates.hpp"
#include "tools/skein/console/request.hpp"

#include "events/migration.hpp"

#include <deque>
#include <optional>
#include <set>

/// All that the screen knows. It is changed by update.hpp and shown by view.hpp, both of which do
/// nothing else.
namespace skein::console::screen {

using steady = std::chrono::steady_clock::time_point;

enum class view { overview, migrations, failures, fleet, migration, help };

struct row {
  std::string id, phase, step, step_status, owner, changed_at, why;
  bool paused = false;
  uint64_t attempts = 0;
};

row row_of(const nlohmann::json& summary);

struct page {
  std::string after;
  std::vector<row> rows;
};

/// The migrations that pass the filter, as far as they were scrolled to.
struct listing {
  std::string filter; ///< as it was typed
  std::string order = "id";
  bool is_descending = false;
  uint64_t generation = 1; ///< of filter and order
  uint64_t loaded = 0;     ///< the generation that the pages are of
  std::vector<page> pages; ///< all but the last have page_rows
  std::string next;        ///< what follows the last page; empty: nothing does
  std::size_t chosen = 0;
  std::size_t top = 0;
};

std::size_t rows_in(const listing&);
const row& row_at(const listing&, std::size_t index);

struct connection {
  bool live = false;
  std::string why = "connecting";
  steady since; ///< it is so
  steady again; ///< the next try, when it is lost
};

/// A line that somebody types into.
struct prompt {
  enum class kind { filter, search, command, reason } what;
  std::string text = {};
  std::string before = {};     ///< the filter to go back to
  const verb* order = nullptr; ///< that the reason is for
  std::string id = {};
  nlohmann::json details = {}; ///< that the order takes besides
};

/// The last click, which a second one soon after makes a double click.
struct click {
  std::size_t row; ///< of the list
  steady at;
};

struct message {
  std::string text;
  style how = style::plain;
  steady since = {}; ///< set by the first tick after it was said
};

struct model {
  std::size_t columns = 80, rows = 24;
  std::string workspace; ///< its name
  steady now;
  migration::timestamp clock;

  connection link;
  bool has_changed = true; ///< something that is shown may be out of date
  steady asked;            ///< when it was asked for last
  std::chrono::milliseconds took{0};
  std::set<std::size_t> under_way; ///< kinds of requests, by their index

  view at = view::migrations;
  std::vector<view> back;
  listing list;
  std::string opened;        ///< the migration of its view
  bool is_talkative = false; ///< that shows all that its agents said, not only the newest
  std::size_t scroll = 0;
  std::size_t chosen_failure = 0;
  std::string search;
  std::size_t found = 0; ///< the line that has it

  nlohmann::json status, detail, failures, fleet; ///< null until they are known
  rates events, completed;
  std::deque<std::string> newest; ///< events, as JSON; the last is the newest

  std::optional<click> clicked;
  std::optional<prompt> asking;
  std::optional<message> said; ///< until the next key, or for a while
  std::string trouble;         ///< why what is shown could not be brought up to date
  bool ends = false;
};

/// Rows between the bar at the top and the two lines at the bottom.
std::size_t body_rows(const model&);

/// Rows of a table, below its heading and above the reason of the row that is chosen.
std::size_t table_rows(const model&);

/// The first kind of failure that is on the screen.
std::size_t top_failure(const model&);

/// Which row of the list that is shown stands in that row of the screen; none: another line does.
std::optional<std::size_t> listed_at(const model&, std::size_t screen_row);

/// The migration that an order would be for; empty if there is none.
std::string chosen_migration(const model&);

} // namespace skein::console::screen
