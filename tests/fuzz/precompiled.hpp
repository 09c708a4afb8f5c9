#pragma once

// What many targets include and the compiler is slow to read: read once.

#include "events/failure.hpp"
#include "events/migration.hpp"
#include "events/record.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>
