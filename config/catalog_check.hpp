#pragma once

#include "config/catalog_files.hpp"

#include <vector>

namespace skein::config {

/// What the contracts and mappings of a catalog say against each other and against the datasets.
/// Internal to config/.
std::vector<failure> check_documents(const catalog_files&);

} // namespace skein::config
