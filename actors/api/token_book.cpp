#include "actors/api/token_book.hpp"

#include "config/log.hpp"

#include <algorithm>
#include <sys/stat.h>

namespace skein::actors {

token_book::token_book(std::filesystem::path file,
                       const std::vector<std::pair<std::string, caller>>& own)
    : file_{std::move(file)} {
  for (const auto& [token, who] : own)
    if (!token.empty())
      own_.emplace(hash_of(token), who);
}

void token_book::look_again() {
  struct stat facts {};
  stamp now;
  if (stat(file_.c_str(), &facts) == 0)
    now = {true, facts.st_ino, static_cast<std::uintmax_t>(facts.st_size), facts.st_mtim.tv_sec,
           facts.st_mtim.tv_nsec};
  if (now == seen_ && !std::exchange(is_first_look_, false))
    return;
  seen_ = now;
  by_hash_.clear();
  auto read = read_tokens(file_);
  if (!read)
    return log::error("tokens-unreadable", "nobody is let in by a token: {}", read.error().what);
  for (auto& each : *read)
    by_hash_[each.sha256] = std::move(each);
}

bool token_book::is_required() {
  const std::lock_guard lock{guard_};
  look_again();
  return seen_.exists;
}

std::optional<caller> token_book::find(const std::string& token) {
  const auto hash = hash_of(token);
  if (const auto mine = own_.find(hash); mine != own_.end())
    return mine->second;
  const std::lock_guard lock{guard_};
  look_again();
  const auto found = by_hash_.find(hash);
  if (found == by_hash_.end())
    return std::nullopt;
  return caller{found->second.name, found->second.may};
}

std::vector<token_entry> token_book::list() {
  const std::lock_guard lock{guard_};
  look_again();
  std::vector<token_entry> result;
  for (const auto& [hash, entry] : by_hash_)
    result.push_back(entry);
  std::sort(result.begin(), result.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  return result;
}

} // namespace skein::actors
