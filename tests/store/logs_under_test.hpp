#pragma once

#include "store/memory_log.hpp"
#include "support.hpp"

namespace skein::store::test {

// The two logs that must answer alike, each empty: arguments of TEMPLATE_TEST_CASE.

struct on_rocksdb {
  temporary_folder folder;
  std::unique_ptr<event_log> log = value_of(open_log(folder.path() / "log"));
};

struct in_memory {
  std::unique_ptr<event_log> log = std::make_unique<memory_log>();
};

} // namespace skein::store::test
