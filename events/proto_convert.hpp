#pragma once

// Between our structs and their Protobuf twins. INTERNAL to events/: includes generated headers.

#include "events/log.pb.h"
#include "events/migration.hpp"

namespace skein::proto {

inline int64_t micros(migration::timestamp at) { return at.time_since_epoch().count(); }

inline migration::timestamp time_of(int64_t us) {
  return migration::timestamp{std::chrono::microseconds{us}};
}

/// Text from outside with every byte that is not UTF-8 replaced by `?`: Protobuf writes a string
/// that is not UTF-8 and then refuses to read it.
std::string text(const std::string& from);

void put(const migration::subject& from, v1::Subject& to);
void put(const workflow& from, v1::Workflow& to);
void put(const migration::event& from, v1::Event& to);
void put(const migration::command& from, v1::Command& to);
void put(const migration::state& from, v1::State& to);
/// Word for word the `FinishAttempt` of a command; the bus's report shares it.
void put(const migration::finish_attempt& from, v1::FinishAttempt& to);

migration::subject get(const v1::Subject& from);
workflow get(const v1::Workflow& from);
migration::state get(const v1::State& from);
migration::finish_attempt get(const v1::FinishAttempt& from);
/// Nothing when the alternative is not known to this version.
std::optional<migration::event> get(const v1::Event& from);
/// `first` is the event the command caused first: a request is read from it.
std::optional<migration::order> get(const v1::Command& from, const migration::event& first);

} // namespace skein::proto
