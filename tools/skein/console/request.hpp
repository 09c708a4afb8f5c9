#pragma once

#include "tools/skein/console/verbs.hpp"
#include "tools/skein/source.hpp"

#include <chrono>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <variant>
#include <vector>

/// What the screen wants of the daemon, and what comes back. Requests are carried out on other
/// threads (loader.hpp), one after the other; of two of the same kind that wait, the later counts.
namespace skein::console::screen {

/// Rows of the list are kept in pages of so many.
constexpr std::size_t page_rows = 200;

struct load_status {};

/// Answers `{"pages": [{"rows": […], "next"}…]}`, each of page_rows but for the last.
struct load_rows {
  uint64_t generation; ///< of filter and order: an answer to an older one is of no use
  std::size_t first;   ///< page
  std::size_t count;
  std::string after; ///< of the first page
  parameters query;
};

/// Answers `{"migration", "attempts", "events", "lines"}`, the newest two hundred attempts and
/// events; no lines where the daemon is too old to keep any.
struct load_migration {
  std::string id;
  std::size_t lines = 0; ///< how many of the newest that agents said
};

/// Answers `/v1/failures`: what needs somebody, by kind of reason.
struct load_failures {};

/// Answers `{"pools", "leases", "limits"}`.
struct load_fleet {};

/// Answers the daemon's own `{"id", "phase", …}`.
struct give_order {
  const verb* what;
  std::string id;
  std::string reason;
  nlohmann::json details = {}; ///< what the order takes besides, as the daemon wants it
};

using request
    = std::variant<load_status, load_rows, load_migration, load_failures, load_fleet, give_order>;

using requests = std::vector<request>;

struct answer {
  request to;
  outcome<nlohmann::json> what;
  std::chrono::milliseconds took{0};
};

/// What the stream of events said since it was asked last.
struct news {
  bool live = false;
  std::string why = {};                             ///< it is not
  std::chrono::steady_clock::time_point again = {}; ///< when the next try is
  bool opened = false;                              ///< a new connection: anything may differ
  uint64_t events = 0;
  uint64_t completed = 0;          ///< migrations, of these events
  std::vector<std::string> newest; ///< the last of them, as JSON
};

} // namespace skein::console::screen
