#pragma once

#include "events/migration.hpp"
#include "events/record.hpp"

#include <string>
#include <vector>

/// A scenario: one migration's life as a text of paragraphs. A paragraph is a command, `----`, and
/// what it caused; a line that begins with `#` is prose. The commands:
///
///     request <dataset> <from> <to> <step>[<-<dep>+<dep>]...
///     start <step> [worker]
///     succeed <step>[@epoch] [label=value]... [output]
///                                           @epoch: not the newest attempt's
///     hold <step>[@epoch] <why>             a success that a human has to agree with
///     fail <step>[@epoch] <error class> <why>
///     retry | approve | cancel | pause | resume | quarantine <why>
///     told <digest> [<channel> <asked>+<asked> [<seconds> [<seconds>]]]
///                                           until it is to be told again, and to more people
///     remind
///     wait <seconds>                        the clock stands still otherwise
///     random <number>                       what later commands draw, 400 at first
namespace skein::tests {

struct played {
  std::string text;            ///< the script with every answer filled in
  std::vector<record> records; ///< what the log would hold
  migration::state now;
};

played play(const std::string& script);

} // namespace skein::tests
