#pragma once

#include "events/failure.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace skein {

/// Where a record stands, which can be read of every version's records.
struct record_place {
  std::string migration;
  uint64_t version = 0;
};

/// Fails on bytes that are not a record.
expected<record_place> place_of(std::string_view bytes);

} // namespace skein
