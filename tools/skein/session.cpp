#include "tools/skein/session.hpp"

#include "tools/skein/words.hpp"

#include <cstdlib>

namespace skein::console {

std::string program_words(const session& with) {
  const auto folder = with.workspace.string();
  const char* usual = std::getenv("SKEIN_WORKSPACE");
  if (folder == (usual && *usual ? usual : "."))
    return "skein";
  return "skein -w " + shell_word(folder);
}

} // namespace skein::console
