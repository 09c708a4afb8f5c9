#include "actors/system.hpp"

#include "actors/types.hpp"

#include <algorithm>
#include <caf/atom.hpp>
#include <thread>

namespace skein::actors {

system_config::system_config() {
  // The one-argument template of this function does not compile in CAF 0.17.6.
  add_error_category(caf::atom("fault"), skein::actors::render);
  set("scheduler.policy", caf::atom("sharing"));
  set("scheduler.max-threads", std::max(2u, std::thread::hardware_concurrency()));
}

} // namespace skein::actors
