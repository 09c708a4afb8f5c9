#pragma once

#include <string>
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

} // namespace skein::cluster
