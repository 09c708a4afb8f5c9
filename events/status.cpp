#include "events/status.hpp"

#include "events/bus.pb.h"
#include "events/proto_convert.hpp"
#include "events/proto_json.hpp"

#include <cstdio>
#include <ctime>

namespace skein {

std::string rfc3339(migration::timestamp at) {
  using namespace std::chrono;
  const auto whole = floor<seconds>(at);
  const auto fraction = static_cast<long>((at - whole).count());
  const std::time_t unix_seconds = whole.time_since_epoch().count();
  std::tm utc{};
  gmtime_r(&unix_seconds, &utc);
  char day[32], text[48];
  std::strftime(day, sizeof day, "%Y-%m-%dT%H:%M:%S", &utc);
  std::snprintf(text, sizeof text, "%s.%06ldZ", day, fraction);
  return text;
}

std::string status_json(uint64_t sequence, const record& from) {
  v1::Status to;
  to.set_sequence(sequence);
  to.set_migration(from.migration);
  to.set_version(from.version);
  to.set_at_us(proto::micros(from.at));
  to.set_at(rfc3339(from.at));
  to.set_actor(from.actor);
  to.set_reason(from.reason);
  to.set_type(std::string{migration::name_of(from.event)});
  to.set_dataset(from.migration.substr(0, from.migration.rfind('@')));
  proto::put(from.event, *to.mutable_event());
  return proto::json(to);
}

std::string event_json(const migration::event& from) {
  v1::Event to;
  proto::put(from, to);
  return proto::json(to);
}

} // namespace skein
