#pragma once

#include "agents/letter.hpp"

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace skein::agents {

/// Takes one letter off our hands and says where it went, in words for the output. A permanent
/// trouble concerns this recipient alone; a transient one ends the run, to be repeated as a whole.
using deliver_letter = std::function<outcome<std::string>(const letter&)>;

/// Delivers a digest's letters, one after the other. The output, with the words under which its
/// letters and their way are told:
///
///     {"mails": [{"to", "file" or "smtp", "datasets": []}],
///      "results": {"movies@v2": {"told": ["a@x"]}},
///      "rejected": [{"to", "why"}], "unaddressed": [{"owner", "address"}]}
outcome<nlohmann::json> send_letters(const digest&, const letters&, const char* what,
                                     const char* medium, const deliver_letter&);

} // namespace skein::agents
