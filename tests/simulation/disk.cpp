#include "tests/simulation/disk.hpp"

#include "store/append_rules.hpp"

#include <algorithm>

namespace skein::simulation {

/// Shares the records with the disk it lies on; has its own idea of whether that still works.
class open_log final : public store::event_log {
public:
  open_log(disk& on, std::shared_ptr<bool> is_powered)
      : disk_{on}, records_{on.records_}, is_powered_{std::move(is_powered)} {}

  std::vector<store::append_result> commit(std::span<const store::append> batch) override {
    auto& world = disk_.world_;
    const auto odds = world.given.disk_failure_one_in;
    if (!has_failed_ && !world.calm && odds > 0 && world.dice.one_in(odds)) {
      has_failed_ = true;
      // Nobody knows what a failed fsync has left on the disk.
      if (*is_powered_ && world.dice.percent(50))
        (void)records_->commit(batch);
      world.tell("the disk fails");
    }
    if (has_failed_ || !*is_powered_)
      return std::vector<store::append_result>(
          batch.size(), tl::unexpected{store::log_failed("simulated failure of the disk")});
    return records_->commit(batch);
  }

  expected<void> put_snapshot(std::string_view stream, const store::snapshot& what) override {
    if (*is_powered_)
      disk_.snapshots_[std::string{stream}].push_back(what);
    return {};
  }

  expected<void> put_cursor(std::string_view name, uint64_t sequence) override {
    if (*is_powered_)
      disk_.cursors_[std::string{name}].push_back(sequence);
    return {};
  }

  const std::string& warning() const override { return records_->warning(); }
  const std::string& log_id() const override { return records_->log_id(); }
  uint64_t last_sequence() const override { return records_->last_sequence(); }

  expected<uint64_t> read(uint64_t from, uint64_t limit,
                          const store::record_visitor& visit) const override {
    return records_->read(from, limit, visit);
  }
  expected<uint64_t> read_stream(std::string_view stream, uint64_t from,
                                 const store::stream_record_visitor& visit) const override {
    return records_->read_stream(stream, from, visit);
  }
  expected<uint64_t> stream_version(std::string_view stream) const override {
    return records_->stream_version(stream);
  }
  expected<void> streams(std::string_view prefix, std::string_view after,
                         const store::stream_visitor& visit) const override {
    return records_->streams(prefix, after, visit);
  }

  expected<std::optional<store::snapshot>> snapshot(std::string_view stream) const override {
    const auto found = disk_.snapshots_.find(stream);
    if (found == disk_.snapshots_.end() || found->second.empty()
        || found->second.back().stream_version > *records_->stream_version(stream))
      return std::nullopt;
    return found->second.back();
  }

  expected<uint64_t> cursor(std::string_view name) const override {
    const auto found = disk_.cursors_.find(name);
    return found == disk_.cursors_.end() || found->second.empty()
               ? 0
               : std::min(found->second.back(), last_sequence());
  }

private:
  disk& disk_;
  std::shared_ptr<store::memory_log> records_;
  std::shared_ptr<bool> is_powered_;
  bool has_failed_ = false;
};

std::shared_ptr<store::event_log> disk::open() {
  is_powered_ = std::make_shared<bool>(true);
  return std::make_shared<open_log>(*this, is_powered_);
}

std::shared_ptr<const store::log_reader> disk::reader() {
  return std::make_shared<open_log>(*this, std::make_shared<bool>(false));
}

void disk::lose_power() {
  if (is_powered_)
    *is_powered_ = false;
  for (auto& [stream, kept] : snapshots_)
    kept.resize(world_.dice.between(0, kept.size()));
  for (auto& [name, kept] : cursors_)
    kept.resize(world_.dice.between(0, kept.size()));
  if (world_.dice.one_in(8))
    view_ = std::make_unique<store::memory_view>();
}

void disk::plant_snapshot(const std::string& stream, store::snapshot what) {
  snapshots_[stream].push_back(std::move(what));
}

} // namespace skein::simulation
