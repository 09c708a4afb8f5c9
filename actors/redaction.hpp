#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace skein::actors {

/// Takes secrets out of what an agent says before anybody hears it (design.md, section 3, rule 12):
/// each becomes `***`, as it stands, as JSON spells it, and line by line if it has several, as keys
/// do. What an agent encodes otherwise, such as in base64, is not recognised.
///
/// Threads: any number at once.
class redaction {
public:
  explicit redaction(const std::vector<std::string>& secrets);

  std::string clean(std::string_view text) const;

  /// The same for the end of a longer text: it may begin within a secret.
  std::string clean_tail(std::string_view tail) const;

private:
  std::vector<std::string> spellings_; ///< longest first, so that none leaves the rest of another
};

} // namespace skein::actors
