#include "actors/intake.hpp"

#include "events/migration_id.hpp"

#include <caf/typed_event_based_actor.hpp>

namespace skein::actors {

namespace {

using self_ptr = intake_actor::stateful_pointer<intake_state>;

/// Why a request can never be taken, or nothing.
std::optional<std::string> fault_of(const bus::migrate_request& what) {
  for (const auto& [field, value] :
       {std::pair{"dataset", what.dataset}, std::pair{"current_version", what.current_version},
        std::pair{"target_version", what.target_version}})
    if (auto ok = check_name(field, value); !ok)
      return ok.error().what;
  if (what.current_version == what.target_version)
    return "dataset " + what.dataset + " is asked to go from " + what.current_version
           + " to the same version; name another target_version";
  return std::nullopt;
}

migration::command command_of(const intake_state& st, const bus::migrate_request& what) {
  migration::subject subject{migration::subject_kind::dataset, what.dataset, what.current_version,
                             what.target_version};
  return {st.world.now(), "skein/intake", "requested on the bus", st.world.random(),
          migration::request{std::move(subject), st.flow, what.scan}};
}

void take(self_ptr self, const intake_item& item) {
  const auto& st = self->state;
  if (const auto why = fault_of(item.what))
    return item.dead(*why);
  const auto id = migration_id(item.what.dataset, item.what.target_version);
  self->request(st.shards->of(id), caf::infinite, deliver{id, command_of(st, item.what)})
      .then([=](const receipt&) { item.done(); },
            [=](const caf::error& why) {
              // The same dataset and target twice is one migration.
              if (why == fault::refused)
                item.done();
              else
                item.again();
            });
}

} // namespace

intake_actor::behavior_type intake(intake_actor::stateful_pointer<intake_state> self, workflow flow,
                                   std::shared_ptr<const shard_ring> shards, ambient world) {
  self->state.flow = std::move(flow);
  self->state.shards = std::move(shards);
  self->state.world = std::move(world);
  return {[=](const intake_item& item) { take(self, item); }};
}

} // namespace skein::actors
