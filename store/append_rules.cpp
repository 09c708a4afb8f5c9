#include "store/append_rules.hpp"

#include "store/names.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace skein::store {

namespace {

append_error invalid(std::string what) { return {append_fault::invalid, std::move(what)}; }

} // namespace

std::optional<append_error> check_shape(const append& a) {
  if (auto name = check_name("stream", a.stream); !name)
    return invalid(name.error().what);
  if (a.records.empty())
    return invalid(fmt::format("the append to stream {} has no records", a.stream));
  auto too_long = [](auto& record) { return record.size() > record_bytes_max; };
  auto found = std::ranges::find_if(a.records, too_long);
  if (found != a.records.end())
    return invalid(fmt::format("record {} of the append to stream {} has {} bytes: at most {} are "
                               "allowed",
                               found - a.records.begin() + 1, a.stream, found->size(),
                               record_bytes_max));
  return std::nullopt;
}

std::optional<append_error> check_version(const append& a, uint64_t found) {
  if (a.expected_version == found)
    return std::nullopt;
  return append_error{append_fault::conflict,
                      fmt::format("stream {} was expected at version {} but is at {}: read it "
                                  "again and decide again",
                                  a.stream, a.expected_version, found),
                      found};
}

append_error log_failed(const std::string& why) {
  return {append_fault::log_failed,
          fmt::format("the event log takes no more records since a write failed ({}): restart the "
                      "daemon once the cause is gone",
                      why)};
}

} // namespace skein::store
