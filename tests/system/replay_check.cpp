#include "actors/view_row.hpp"
#include "events/migration.hpp"
#include "events/record.hpp"
#include "store/event_log.hpp"
#include "store/view_store.hpp"

#include <cstdio>
#include <filesystem>
#include <map>
#include <stdexcept>

/// Folds a state folder's whole log again, away from the daemon that wrote it, and compares with
/// what that daemon had: each migration's state byte for byte with its view's row, and each
/// recorded command's events with those that deciding it once more gives.
///
///     replay_check <state folder>
namespace {

using namespace skein;

struct migration_so_far {
  migration::state state;
  uint64_t version = 0;
  std::vector<record> decision; ///< as much as was read of one command's events
};

/// Leaves the check at the first difference.
[[noreturn]] void differ(uint64_t sequence, const std::string& what) {
  throw std::runtime_error{"sequence " + std::to_string(sequence) + ": " + what};
}

template <class T>
T value_of(expected<T> from) {
  if (!from)
    throw std::runtime_error{from.error().what};
  return std::move(*from);
}

void decide_again(const migration::state& before, const std::vector<record>& recorded,
                  uint64_t sequence) {
  const auto& first = recorded.front();
  const auto decided = migration::decide(before, *first.command);
  const auto* events = std::get_if<std::vector<migration::event>>(&decided);
  if (events == nullptr)
    differ(sequence, first.migration + " now refuses a command that it took");
  const auto again = make_records(first.migration, first.version - 1, *first.command, *events);
  if (again.size() != recorded.size())
    differ(sequence, first.migration + " now decides another number of events");
  for (std::size_t i = 0; i < again.size(); ++i)
    if (encode(again[i]) != encode(recorded[i]))
      differ(sequence, first.migration + " now decides another "
                           + std::string{migration::name_of(recorded[i].event)});
}

void take(migration_so_far& so_far, uint64_t sequence, const record& what, std::string_view bytes) {
  if (encode(what) != bytes)
    differ(sequence, what.migration + "'s record is encoded otherwise now");
  if (what.version != ++so_far.version)
    differ(sequence, what.migration + " skips a version");
  if (so_far.decision.empty() != what.command.has_value())
    differ(sequence, what.migration + " has an event that no command caused");
  so_far.decision.push_back(what);
  if (so_far.decision.size() < so_far.decision.front().caused)
    return;
  decide_again(so_far.state, so_far.decision, sequence);
  for (const auto& each : so_far.decision)
    so_far.state = migration::evolve(std::move(so_far.state), each.event, each.at);
  so_far.decision.clear();
}

using migrations = std::map<std::string, migration_so_far>;

migrations fold(const store::log_reader& log) {
  migrations all;
  value_of(log.read(1, store::no_limit, [&](const store::stored& from) {
    const auto what = value_of(decode_record(from.bytes));
    take(all[what.migration], from.sequence, what, from.bytes);
    return true;
  }));
  return all;
}

void compare(const std::string& id, const migration_so_far& so_far,
             const store::view_reader& view) {
  if (!so_far.decision.empty())
    throw std::runtime_error{id + " has but a part of its last command's events"};
  const auto bytes = value_of(view.get(std::string{actors::row_key} + id));
  if (!bytes)
    throw std::runtime_error{id + " is not in the view"};
  const auto live = value_of(actors::decode_row(*bytes));
  if (!live.unreadable.empty())
    throw std::runtime_error{id + " is unreadable: " + live.unreadable};
  if (live.version != so_far.version || encode(live.state) != encode(so_far.state))
    throw std::runtime_error{id + " was in another state in the daemon"};
}

void check(const std::filesystem::path& state) {
  const auto log = value_of(store::open_log_read_only(state / "log"));
  const auto view = value_of(store::open_view_read_only(state / "view"));
  if (view->cursor() != log->last_sequence())
    throw std::runtime_error{"the view is at " + std::to_string(view->cursor()) + ", the log at "
                             + std::to_string(log->last_sequence())};
  const auto all = fold(*log);
  for (const auto& [id, so_far] : all)
    compare(id, so_far, *view);
  std::printf("%llu events, %zu migrations: all the same\n",
              static_cast<unsigned long long>(log->last_sequence()), all.size());
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: replay_check STATE_FOLDER\n", stderr);
    return 2;
  }
  try {
    check(argv[1]);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "replay_check: %s\n", error.what());
    return 1;
  }
}
