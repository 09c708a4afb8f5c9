#include "actors/api/readings.hpp"

#include "actors/api/newest_note.hpp"
#include "actors/relay.hpp"
#include "actors/view_row.hpp"
#include "store/keys.hpp"
#include "store/tree_head.hpp"

#include <fstream>
#include <unistd.h>

namespace skein::actors {

namespace {

using readings = std::vector<gauge_reading>;

double lag(uint64_t last, uint64_t reached) {
  return static_cast<double>(last - std::min(last, reached));
}

void add_migrations(const store::view_reader& view, readings& to) {
  (void)view.scan(count_key, "", store::no_limit, [&](std::string_view key, std::string_view row) {
    to.push_back({"skein_migrations",
                  "Migrations by phase",
                  {{"phase", std::string{key.substr(count_key.size())}}},
                  static_cast<double>(store::keys::whole_be64(row).value_or(0))});
    return true;
  });
}

void add_cursors(const read_from& from, const feed_counts& feed, readings& to) {
  // The cursors first: else one could seem to be ahead.
  const auto view = from.view.cursor();
  const auto relay = from.log.cursor(relay_cursor);
  const auto note = newest_note(from.heads_file);
  const auto head = note ? store::parse_head(*note) : expected<store::signed_head>{fail("")};
  const auto last = from.log.last_sequence();
  to.push_back({"skein_log_events", "Events in the log", {}, static_cast<double>(last)});
  const auto add = [&](const char* cursor, uint64_t reached) {
    to.push_back({"skein_cursor_lag_events",
                  "Events that a reader of the log has still before it",
                  {{"cursor", cursor}},
                  lag(last, reached)});
  };
  add("view", view);
  if (relay)
    add("relay", *relay);
  if (head)
    add("notary", head->head.size);
  add("feed", feed.last_sequence);
}

void add_pools(const std::vector<pool_line>& pools, readings& to) {
  const auto each = [&](const char* name, const char* help, auto value) {
    for (const auto& pool : pools)
      to.push_back({name, help, {{"pool", pool.pool}}, static_cast<double>(value(pool))});
  };
  each("skein_pool_waiting", "Steps that wait for a worker",
       [](const auto& x) { return x.waiting; });
  each("skein_pool_running", "Attempts that run, which is the leases that are out",
       [](const auto& x) { return x.running; });
  each("skein_pool_workers", "Workers that were heard of lately",
       [](const auto& x) { return x.workers.size(); });
  for (const auto& pool : pools)
    for (const auto& [name, leases] : pool.workers)
      to.push_back({"skein_worker_leases",
                    "Leases that a worker holds",
                    {{"pool", pool.pool}, {"worker", name}},
                    static_cast<double>(leases)});
  for (const auto& pool : pools)
    for (const auto& breaker : pool.breakers)
      to.push_back({"skein_breaker_state",
                    "Circuit breakers: 0 closed, 1 half open, 2 open",
                    {{"pool", pool.pool},
                     {"agent", breaker.target.agent},
                     {"storage", breaker.target.storage}},
                    static_cast<double>(breaker.status)});
}

void add_readers(const feed_counts& feed, readings& to) {
  to.push_back(
      {"skein_event_readers", "Readers of the live events", {}, static_cast<double>(feed.clients)});
  to.push_back({"skein_event_readers_dropped",
                "Readers let go since the start: too slow",
                {},
                static_cast<double>(feed.dropped)});
  to.push_back({"skein_events_sent",
                "Live events sent since the start, over all readers",
                {},
                static_cast<double>(feed.sent)});
}

void add_process(readings& to) {
  uint64_t pages = 0, resident = 0;
  if (std::ifstream in{"/proc/self/statm"}; in >> pages >> resident)
    to.push_back({"process_resident_memory_bytes",
                  "Memory of the daemon",
                  {},
                  static_cast<double>(resident * static_cast<uint64_t>(sysconf(_SC_PAGESIZE)))});
  std::error_code error;
  std::size_t open = 0;
  for (std::filesystem::directory_iterator each{"/proc/self/fd", error}, end; !error && each != end;
       each.increment(error))
    ++open;
  to.push_back({"process_open_fds", "Open files and connections", {}, static_cast<double>(open)});
}

} // namespace

readings readings_of(const read_from& from, const feed_counts& feed,
                     const std::vector<pool_line>& pools) {
  readings all;
  add_migrations(from.view, all);
  add_cursors(from, feed, all);
  add_pools(pools, all);
  add_readers(feed, all);
  add_process(all);
  return all;
}

} // namespace skein::actors
