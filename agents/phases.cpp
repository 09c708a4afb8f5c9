#include "agents/phases.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

namespace skein::agents {

namespace {

double seconds_between(std::chrono::steady_clock::time_point from,
                       std::chrono::steady_clock::time_point to) {
  return std::round(std::chrono::duration<double>(to - from).count() * 1000) / 1000;
}

} // namespace

phase_log::phase_log(overseer& watcher, database& db) : watcher_{watcher}, db_{db} {}

phase_log::~phase_log() { watcher_.rest(); }

void phase_log::begin(const std::string& name, double from, double to) {
  began_ = clock::now();
  reports_.push_back({name});
  watcher_.watch(db_, name, from, to);
}

void phase_log::end(int64_t rows, uint64_t bytes) {
  auto& last = reports_.back();
  last.seconds = seconds_between(began_, clock::now());
  last.rows = rows;
  last.bytes = bytes;
}

double phase_log::seconds() const { return seconds_between(first_, clock::now()); }

nlohmann::json to_json(const phase_report& x) {
  return {{"phase", x.name}, {"seconds", x.seconds}, {"rows", x.rows}, {"bytes", x.bytes}};
}

} // namespace skein::agents
