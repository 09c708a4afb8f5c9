#include "actors/api/replay.hpp"

#include "events/overloaded.hpp"
#include "store/encodings.hpp"
#include "store/keys.hpp"
#include "store/sha256.hpp"

namespace skein::actors {

namespace {

bool is_within(const point_in_time& end, uint64_t sequence, migration::timestamp at) {
  return std::visit(overloaded{[&](uint64_t last) { return sequence <= last; },
                               [&](migration::timestamp last) { return at <= last; }},
                    end);
}

} // namespace

expected<replayed> replay(const store::log_reader& log, const std::string& id,
                          const replay_end& end) {
  replayed result;
  auto& row = result.row;
  auto read = log.read_stream(id, 1, [&](uint64_t version, const store::stored& from) {
    const auto what = decode_record(from.bytes);
    if (version == 1) {
      result.first = what ? what->at : migration::timestamp{};
      result.first_sequence = from.sequence;
    }
    const auto at = what ? what->at : result.at;
    if (version > end.version || from.sequence > end.until
        || (end.at && !is_within(*end.at, from.sequence, at)))
      return false;
    if (what)
      row = project(std::move(row), from.sequence, *what);
    else
      row = {version, from.sequence, std::move(row.state), what.error().what};
    result.at = at;
    return true;
  });
  if (!read)
    return tl::unexpected{read.error()};
  return result;
}

std::string state_digest(const std::string& id, const view_row& row) {
  thread_local store::sha256 hasher;
  std::string version;
  store::keys::put_be64(version, row.version);
  const std::string_view zero{"\0", 1};
  return store::hex(hasher.of({id, zero, version, encode(row.state)}));
}

} // namespace skein::actors
