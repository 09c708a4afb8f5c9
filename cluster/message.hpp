#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace skein::cluster {

/// In the order in which they came; a name may come several times.
using header_list = std::vector<std::pair<std::string, std::string>>;

struct message {
  std::string subject;
  std::string reply = {}; // where an answer goes; empty if none is wanted
  std::string data = {};
  header_list headers = {};
};

/// The first of that name; empty if there is none.
inline std::string header_of(const message& what, std::string_view name) {
  for (const auto& [key, value] : what.headers)
    if (key == name)
      return value;
  return {};
}

} // namespace skein::cluster
