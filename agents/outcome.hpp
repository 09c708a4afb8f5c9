#pragma once

#include "events/failure.hpp"

#include <cstdint>
#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace skein::agents {

/// What a trouble means for the attempt. `not_found` and `conflict` let a caller look closer;
/// where nobody does, they count as permanent.
enum class trouble_kind : uint8_t {
  permanent, ///< will not work next time: bad data, bad contract, a bug
  transient, ///< may work next time: exit 75
  not_found, ///< the metadata store does not know the thing
  conflict,  ///< the thing changed meanwhile; `found` says what it is now
};

/// A failure that also says whether trying again makes sense.
struct trouble {
  trouble_kind kind = trouble_kind::permanent;
  std::string what;  ///< one sentence, as in `skein::failure`
  std::string found; ///< conflict only

  bool operator==(const trouble&) const = default;
};

template <class T>
using outcome = tl::expected<T, trouble>;

inline tl::unexpected<trouble> give_up(std::string what) {
  return tl::unexpected<trouble>{trouble{trouble_kind::permanent, std::move(what), {}}};
}

inline tl::unexpected<trouble> try_later(std::string what) {
  return tl::unexpected<trouble>{trouble{trouble_kind::transient, std::move(what), {}}};
}

inline tl::unexpected<trouble> give_up(failure why) { return give_up(std::move(why.what)); }

/// Hands the trouble of one outcome on as the trouble of another.
template <class T>
tl::unexpected<trouble> hand_on(outcome<T>& from) {
  return tl::unexpected<trouble>{std::move(from.error())};
}

} // namespace skein::agents
