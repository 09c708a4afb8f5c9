#pragma once

#include "actors/precompiled.hpp"
#include "tests/precompiled.hpp"
