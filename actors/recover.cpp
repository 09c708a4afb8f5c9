#include "actors/migration.hpp"
#include "events/decode_event.hpp"
#include "events/record.hpp"

namespace skein::actors {

namespace {

recovered from_snapshot(const store::log_reader& log, const std::string& id) {
  auto kept = log.snapshot(id);
  if (!kept || !*kept || (*kept)->schema_version != state_schema)
    return {};
  auto now = decode_state((*kept)->bytes);
  if (!now)
    return {};
  return {std::move(*now), (*kept)->stream_version, (*kept)->stream_version};
}

} // namespace

expected<recovered> recover(const store::log_reader& log, const std::string& id) {
  auto result = from_snapshot(log, id);
  std::optional<failure> damage;
  auto end = log.read_stream(id, result.version + 1, [&](uint64_t version, const auto& stored) {
    auto next = decode_event(stored.bytes);
    if (!next) {
      damage = next.error();
      return false;
    }
    result.now = evolve(std::move(result.now), next->event, next->at);
    result.version = version;
    return true;
  });
  if (!end)
    return tl::unexpected{end.error()};
  if (damage)
    return tl::unexpected{*damage};
  return result;
}

} // namespace skein::actors
