#include "config/owner_channels.hpp"

#include "config/workspace_settings.hpp"

namespace skein::config {

checked<std::map<entity_ref, std::vector<std::string>>> owner_channels(const workspace& space,
                                                                       const catalog& from) {
  std::map<entity_ref, std::vector<std::string>> all;
  std::vector<failure> mistakes;
  const auto known = space.channels();
  for (const auto& owner : from.owners) {
    for (const auto& name : owner.channels)
      if (!known.contains(name))
        mistakes.push_back(
            {owner.channels_origin + ": " + owner.ref
             + " asks to be told on a channel that is not there: " + unknown_channel(name, known)});
    if (!owner.channels.empty())
      all[owner.ref] = owner.channels;
  }
  if (!mistakes.empty())
    return tl::unexpected{mistakes};
  return all;
}

} // namespace skein::config
