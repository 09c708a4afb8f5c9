#pragma once

#include "config/checked.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace skein::fuzz {

/// All files of the config targets have this name.
inline constexpr auto file_name = "f.yaml";

inline void must_name_place(const failure& mistake) {
  must(mistake.what.starts_with("f.yaml:") && mistake.what.size() > 20,
       "a mistake is a sentence that names its file");
  must(mistake.what.find('\0') == std::string::npos, "a sentence has no NUL");
}

inline void must_name_places(const std::vector<failure>& mistakes) {
  must(!mistakes.empty(), "what is refused has a mistake");
  for (const auto& each : mistakes)
    must_name_place(each);
}

} // namespace skein::fuzz
