#pragma once

// What nearly every file of this folder includes and the compiler is slow to read: read once.
// A file includes what it uses all the same.

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <rocksdb/db.h>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>
