#include "actors/api/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace skein::actors {

namespace {

using namespace prometheus;

const Histogram::BucketBoundaries commit_buckets{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                                                 0.05,   0.1,   0.25,   0.5,   1,    2.5};
const Histogram::BucketBoundaries answer_buckets{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                 0.1,    0.25,  0.5,    1,     2.5,  5,     10};

MetricFamily family_of(const gauge_reading& from) {
  MetricFamily family;
  family.name = from.name;
  family.help = from.help;
  family.type = MetricType::Gauge;
  return family;
}

ClientMetric metric_of(const gauge_reading& from) {
  ClientMetric metric;
  for (const auto& [name, value] : from.labels)
    metric.label.push_back({name, value});
  metric.gauge.value = from.value;
  return metric;
}

} // namespace

struct metrics::impl {
  Registry registry;
  Histogram& commit = BuildHistogram()
                          .Name("skein_log_commit_seconds")
                          .Help("How long a commit of the log took, with its fsync")
                          .Register(registry)
                          .Add({}, commit_buckets);
  Counter& appends = BuildCounter()
                         .Name("skein_log_appends_total")
                         .Help("Decisions that were committed; several share a commit")
                         .Register(registry)
                         .Add({});
  Counter& appended = BuildCounter()
                          .Name("skein_log_appended_events_total")
                          .Help("Events that were committed")
                          .Register(registry)
                          .Add({});
  Family<Gauge>& queues
      = BuildGauge()
            .Name("skein_queue_waiting")
            .Help("journal: decisions that came too late for the last commit; intake: requests "
                  "taken off the bus and not yet in the log")
            .Register(registry);
  Family<Counter>& events = BuildCounter()
                                .Name("skein_events_total")
                                .Help("Events by type, since the daemon started; retry_scheduled "
                                      "counts the retries")
                                .Register(registry);
  Family<Counter>& requests = BuildCounter()
                                  .Name("skein_http_requests_total")
                                  .Help("Requests to the HTTP interface that were answered")
                                  .Register(registry);
  Family<Histogram>& answers = BuildHistogram()
                                   .Name("skein_http_request_seconds")
                                   .Help("How long requests waited for their answer")
                                   .Register(registry);
};

metrics::metrics() : impl_{std::make_unique<impl>()} {}

metrics::~metrics() = default;

void metrics::committed(double seconds, std::size_t appends, std::size_t events) {
  impl_->commit.Observe(seconds);
  impl_->appends.Increment(static_cast<double>(appends));
  impl_->appended.Increment(static_cast<double>(events));
}

void metrics::answered(const std::string& route, const std::string& method, int status,
                       double seconds) {
  impl_->requests.Add({{"route", route}, {"method", method}, {"status", std::to_string(status)}})
      .Increment();
  impl_->answers.Add({{"route", route}}, answer_buckets).Observe(seconds);
}

queue_gauge metrics::queue(const std::string& name) {
  return [&gauge = impl_->queues.Add({{"queue", name}})](std::size_t waiting) {
    gauge.Set(static_cast<double>(waiting));
  };
}

void metrics::happened(std::string_view type, uint64_t count) {
  impl_->events.Add({{"type", std::string{type}}}).Increment(static_cast<double>(count));
}

std::string metrics::text(const std::vector<gauge_reading>& now) const {
  auto families = impl_->registry.Collect();
  for (const auto& reading : now) {
    if (families.empty() || families.back().name != reading.name)
      families.push_back(family_of(reading));
    families.back().metric.push_back(metric_of(reading));
  }
  return TextSerializer{}.Serialize(families);
}

} // namespace skein::actors
