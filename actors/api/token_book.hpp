#pragma once

#include "actors/api/access.hpp"
#include "actors/api/token_file.hpp"

#include <ctime>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace skein::actors {

/// The tokens that are good now: those of the file, looked at again whenever it has changed, and
/// the daemon's own. For any number of threads.
///
/// A file that cannot be read lets in nobody but the latter, and says so in the log.
class token_book {
public:
  /// An empty text among the daemon's own is nobody's.
  token_book(std::filesystem::path file, const std::vector<std::pair<std::string, caller>>& own);

  /// Whether callers must show a token: there is a file.
  bool is_required();

  /// Whose token it is; nothing for one that is not, or no longer, good.
  std::optional<caller> find(const std::string& token);

  /// For GET /v1/tokens.
  std::vector<token_entry> list();

private:
  struct stamp {
    bool exists = false;
    std::uintmax_t inode = 0, size = 0;
    int64_t seconds = 0, nanoseconds = 0;
    bool operator==(const stamp&) const = default;
  };

  void look_again();

  const std::filesystem::path file_;
  std::unordered_map<std::string, caller> own_; ///< by hash, as the next
  std::mutex guard_;
  stamp seen_;
  bool is_first_look_ = true;
  std::unordered_map<std::string, token_entry> by_hash_;
};

} // namespace skein::actors
