#include "tools/skein/proof.hpp"

#include <fmt/format.h>

namespace skein::console {

namespace {

/// The head, once its signature is found to be good.
expected<store::tree_head> head_of(const proof& x) {
  const auto key = store::verifying_key::parse(x.key);
  if (!key)
    return tl::unexpected{key.error()};
  const auto parsed = store::parse_head(x.head);
  if (!parsed)
    return tl::unexpected{parsed.error()};
  if (key->name() != store::origin_of(parsed->head.log_id))
    return fail(fmt::format("the key is of {}, and the head of the log {}", key->name(),
                            parsed->head.log_id));
  if (auto good = store::check_signature(*parsed, {&*key, 1}); !good)
    return fail("the head: " + good.error().what);
  return parsed->head;
}

/// That an event is in the log, where it claims to be.
expected<record> check_event(const proved_event& x, const store::tree_head& head) {
  if (x.sequence == 0
      || !store::merkle::proves_inclusion(x.path, store::merkle::leaf_hash(x.record),
                                          x.sequence - 1, head.size, head.root))
    return fail(fmt::format("event {} is not in the log that the head was signed for: its record, "
                            "its sequence or its path was altered",
                            x.sequence));
  return decode_record(x.record);
}

/// The newest head whose events are all in the tree.
expected<store::signed_head> newest_head(const store::audit_store& tree) {
  for (auto ordinal = tree.newest_head(); ordinal > 0; --ordinal) {
    const auto kept = tree.head(ordinal);
    if (!kept)
      return tl::unexpected{kept.error()};
    auto head = *kept ? store::parse_head((*kept)->note) : fail("it is gone");
    if (head && head->head.size <= tree.size())
      return head;
  }
  return fail("no head is signed yet for this log: one is signed every few seconds while skeind "
              "runs");
}

expected<std::string> key_of(const store::signed_head& head, const store::audit_store& tree) {
  const auto keys = tree.keys();
  if (!keys)
    return tl::unexpected{keys.error()};
  for (const auto& key : *keys)
    if (store::check_signature(head, {&key, 1}))
      return key.text();
  return fail(
      "the newest head is not signed with a key that the audit store knows: run skein audit "
      "verify");
}

} // namespace

expected<proved> check(const proof& x) {
  const auto head = head_of(x);
  if (!head)
    return tl::unexpected{head.error()};
  proved result{*head, x.key, {}, {}};
  for (const auto& each : x.events) {
    auto event = check_event(each, *head);
    if (!event)
      return tl::unexpected{event.error()};
    const auto version = result.events.size() + 1;
    if (event->migration != x.migration)
      return fail(fmt::format("event {} is of {}, and the proof is said to be of {}", each.sequence,
                              event->migration, x.migration));
    if (event->version != version)
      return fail(
          fmt::format("event {} is number {} of {}, and number {} is expected: one was left "
                      "out, or the order was changed",
                      each.sequence, event->version, x.migration, version));
    if (!result.sequences.empty() && each.sequence <= result.sequences.back())
      return fail(
          fmt::format("event {} stands after event {}", each.sequence, result.sequences.back()));
    result.sequences.push_back(each.sequence);
    result.events.push_back(std::move(*event));
  }
  if (result.events.empty())
    return fail("there is no event in it, so it proves nothing");
  return result;
}

expected<proof> prove(const std::string& migration, const store::log_reader& log,
                      const store::audit_store& tree, uint64_t& newer) {
  const auto head = newest_head(tree);
  if (!head)
    return tl::unexpected{head.error()};
  const auto key = key_of(*head, tree);
  if (!key)
    return tl::unexpected{key.error()};
  proof result{migration, head->note(), *key, {}};
  newer = 0;
  const auto read = log.read_stream(migration, 1, [&](uint64_t, const store::stored& record) {
    if (record.sequence <= head->head.size)
      result.events.push_back({record.sequence, std::string{record.bytes}, {}});
    else
      ++newer;
    return true;
  });
  if (!read)
    return tl::unexpected{read.error()};
  for (auto& event : result.events) {
    auto path = store::merkle::inclusion_path(event.sequence - 1, head->head.size, tree.nodes());
    if (!path)
      return tl::unexpected{path.error()};
    event.path = std::move(*path);
  }
  return result;
}

} // namespace skein::console
