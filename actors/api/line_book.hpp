#pragma once

#include "actors/api/query_response.hpp"
#include "events/bus.hpp"
#include "events/migration.hpp"

#include <cstdint>
#include <deque>
#include <list>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

namespace skein::actors {

/// A line that a run said, or how far it is.
struct said_line {
  uint64_t sequence = 0; ///< grows, also over a restart; says nothing but the order
  migration::timestamp at{};
  bus::agent_line what;
};

/// What agents said lately, by migration, as it came over the bus. In memory only, and no more than
/// so much of it: what a run comes to is in the log. For any number of threads.
class line_book {
public:
  struct bounds {
    std::size_t lines = 500;           ///< of one migration
    std::size_t bytes = 256u << 10;    ///< of one migration
    std::size_t all_bytes = 16u << 20; ///< then whoever has been silent longest is forgotten
  };

  line_book() = default;
  explicit line_book(bounds most) : most_{most} {}

  /// Takes it from a stranger. How far a run is replaces what it said of that just before.
  void hear(bus::agent_line, migration::timestamp at);

  /// The newest lines of a migration behind that sequence, oldest first.
  std::vector<said_line> of(const std::string& migration, uint64_t after, std::size_t limit) const;

private:
  struct voice {
    std::deque<said_line> lines;
    std::size_t bytes = 0;
    std::list<std::string>::iterator place; ///< in silent_longest_
  };

  void drop_oldest(voice&);
  void drop_newest(voice&);
  void forget_the_silent();

  const bounds most_ = {};
  mutable std::mutex guard_;
  std::unordered_map<std::string, voice> voices_;
  std::list<std::string> silent_longest_; ///< migrations, by when they were heard last
  std::size_t bytes_ = 0;
  uint64_t last_ = 0;
};

/// GET /v1/migrations/<id>/lines?limit=100&after=<sequence>
query_response lines_of(const line_book&, const std::string& migration, const query_parameters&);

} // namespace skein::actors
