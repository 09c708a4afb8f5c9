#pragma once

#include "store/audit_store.hpp"
#include "store/log_reader.hpp"
#include "store/merkle.hpp"
#include "support.hpp"

namespace skein::store::test {

/// A log of plain records that a test can alter as it likes, as no real one allows.
class doctored_log final : public log_reader {
public:
  std::vector<std::string> records;
  std::vector<bool> unreadable; ///< by sequence - 1; may be shorter

  explicit doctored_log(uint64_t count) {
    for (uint64_t i = 1; i <= count; ++i)
      records.push_back("record " + std::to_string(i));
  }

  void spoil(uint64_t sequence) {
    unreadable.resize(records.size());
    unreadable[sequence - 1] = true;
  }

  const std::string& log_id() const override { return id_; }
  uint64_t last_sequence() const override { return records.size(); }

  expected<uint64_t> read(uint64_t from, uint64_t limit,
                          const record_visitor& visit) const override {
    for (; from <= records.size() && limit > 0; ++from, --limit) {
      if (from <= unreadable.size() && unreadable[from - 1])
        return fail("sequence " + std::to_string(from) + ": block checksum mismatch");
      if (!visit({from, records[from - 1]}))
        return from;
    }
    return from;
  }

  expected<uint64_t> read_stream(std::string_view, uint64_t,
                                 const stream_record_visitor&) const override {
    return 1;
  }
  expected<uint64_t> stream_version(std::string_view) const override { return 0; }
  expected<void> streams(std::string_view, std::string_view, const stream_visitor&) const override {
    return {};
  }
  expected<std::optional<store::snapshot>> snapshot(std::string_view) const override {
    return std::nullopt;
  }
  expected<uint64_t> cursor(std::string_view) const override { return 0; }

private:
  std::string id_ = std::string(32, 'a');
};

inline std::string time_of(uint64_t size) { return "moment " + std::to_string(size); }

/// An audit store as a notary keeps it over a log: with a head at each of these sizes.
struct audited_log {
  temporary_folder folder;
  doctored_log log;
  signing_key key;
  std::vector<std::string> notes;

  audited_log(uint64_t count, std::vector<uint64_t> head_sizes)
      : log{count},
        key{value_of(
            signing_key::load_or_make(folder.path() / "key.pem", origin_of(log.log_id())))} {
    auto kept = open();
    check(kept->trust(key.verifier()));
    for (const auto size : head_sizes)
      grow(*kept, size);
    while (kept->grown_size() < count)
      kept->add(merkle::leaf_hash(log.records[kept->grown_size()]));
    check(kept->write());
  }

  std::filesystem::path tree() const { return folder.path() / "tree"; }

  std::unique_ptr<audit_store> open() const {
    return value_of(audit_store::open_for_writing(tree(), log.log_id()));
  }

  void grow(audit_store& kept, uint64_t size) {
    while (kept.grown_size() < size)
      kept.add(merkle::leaf_hash(log.records[kept.grown_size()]));
    keep(kept, value_of(sign({log.log_id(), size, kept.grown_root(), time_of(size)}, key)));
  }

  void keep(audit_store& kept, const signed_head& head) {
    check(kept.write(&head));
    notes.push_back(head.note());
  }
};

} // namespace skein::store::test
