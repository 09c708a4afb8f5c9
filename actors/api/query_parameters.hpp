#pragma once

#include "actors/api/point_in_time.hpp"
#include "actors/api/query_response.hpp"
#include "events/failure.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace skein::actors {

/// Fails when a parameter is not among the known ones: a filter spelt wrong must not pass for none.
expected<void> check_known(const query_parameters&, const std::vector<std::string_view>& known);

/// The value of a parameter; empty if it is not there.
std::string text_parameter(const query_parameters&, const std::string& name);

/// A whole number up to `most`; `otherwise` if it is not there.
expected<uint64_t> number_parameter(const query_parameters&, const std::string& name,
                                    uint64_t otherwise, uint64_t most = UINT64_MAX);

/// How many rows of a list: `limit`, 100 if it is not there, at most 1,000.
expected<uint64_t> limit_parameter(const query_parameters&);

/// A point in time; nothing if it is not there.
expected<std::optional<point_in_time>>
moment_parameter(const query_parameters&, const std::string& name, migration::timestamp now);

/// A point in time as a parameter that means the same later.
std::string text_of(const point_in_time&);

/// What is between the commas of a list.
std::vector<std::string> split_list(const std::string& list);

/// `label=name=value,name=value`: what all of it is labelled with.
expected<migration::labels> label_parameter(const query_parameters&);

/// Whether a name fits a pattern with `*`, `?` and `[…]` (POSIX fnmatch). An empty pattern fits
/// everything.
bool matches(const std::string& pattern, const std::string& name);

} // namespace skein::actors
