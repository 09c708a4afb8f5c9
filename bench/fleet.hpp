#pragma once

#include "store/event_log.hpp"

#include <filesystem>
#include <functional>
#include <random>
#include <string>
#include <vector>

namespace skein::bench {

/// What one migration of four steps appends from its request to its completion: the records that
/// `decide` and the codec make of it. A failed attempt adds three events (started, failed, retry).
class life {
public:
  explicit life(unsigned failed_attempts);

  /// The append number `turn` of migration number `id`, below size().
  store::append append(uint64_t id, size_t turn) const;
  size_t size() const { return turns_.size(); }
  size_t events() const { return events_; }

  static std::string stream(uint64_t id);

private:
  std::vector<std::vector<std::string>> turns_; // of migration 0
  std::vector<uint64_t> versions_;              // before each turn
  size_t events_ = 0;
};

/// An endless fleet: `live` migrations are under way, the next append is of any of them, and when
/// one is completed another takes its place. The same each time it is made.
class fleet {
public:
  fleet(size_t live, unsigned failed_attempts);

  store::append next();

  /// Appends of at least so many events together.
  std::vector<store::append> batch(size_t events);

private:
  struct place {
    uint64_t id;
    size_t turn;
  };

  life life_;
  std::vector<place> live_;
  uint64_t next_id_;
  std::mt19937_64 dice_{1};
};

/// Writes a log in that folder: the one append of each of so many streams.
void fill_log(const std::filesystem::path& folder, uint64_t streams,
              const std::function<store::append(uint64_t)>& append_of);

/// How many records the appends have together.
size_t events_in(const std::vector<store::append>&);

} // namespace skein::bench
