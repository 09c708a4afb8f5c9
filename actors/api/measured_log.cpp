#include "actors/api/measured_log.hpp"

#include <chrono>

namespace skein::actors {

namespace {

using namespace store;

class measured_log final : public event_log {
public:
  measured_log(std::unique_ptr<event_log> log, std::shared_ptr<metrics> counted)
      : log_{std::move(log)}, counted_{std::move(counted)} {}

  std::vector<append_result> commit(std::span<const append> batch) override {
    const auto begun = std::chrono::steady_clock::now();
    auto results = log_->commit(batch);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
    std::size_t appends = 0, events = 0;
    for (std::size_t i = 0; i < results.size(); ++i)
      if (results[i]) {
        ++appends;
        events += batch[i].records.size();
      }
    counted_->committed(took.count(), appends, events);
    return results;
  }

  expected<void> put_snapshot(std::string_view stream, const store::snapshot& what) override {
    return log_->put_snapshot(stream, what);
  }
  expected<void> put_cursor(std::string_view name, uint64_t sequence) override {
    return log_->put_cursor(name, sequence);
  }
  const std::string& warning() const override { return log_->warning(); }
  const std::string& log_id() const override { return log_->log_id(); }
  uint64_t last_sequence() const override { return log_->last_sequence(); }
  expected<uint64_t> read(uint64_t from, uint64_t limit,
                          const record_visitor& visit) const override {
    return log_->read(from, limit, visit);
  }
  expected<uint64_t> read_stream(std::string_view stream, uint64_t from,
                                 const stream_record_visitor& visit) const override {
    return log_->read_stream(stream, from, visit);
  }
  expected<uint64_t> stream_version(std::string_view stream) const override {
    return log_->stream_version(stream);
  }
  expected<void> streams(std::string_view prefix, std::string_view after,
                         const stream_visitor& visit) const override {
    return log_->streams(prefix, after, visit);
  }
  expected<std::optional<store::snapshot>> snapshot(std::string_view stream) const override {
    return log_->snapshot(stream);
  }
  expected<uint64_t> cursor(std::string_view name) const override { return log_->cursor(name); }

private:
  std::unique_ptr<event_log> log_;
  std::shared_ptr<metrics> counted_;
};

} // namespace

std::unique_ptr<event_log> measure(std::unique_ptr<event_log> log,
                                   std::shared_ptr<metrics> counted) {
  return std::make_unique<measured_log>(std::move(log), std::move(counted));
}

} // namespace skein::actors
