#include "actors/api/newest_note.hpp"

#include "store/durable_file.hpp"
#include "store/tree_head.hpp"

namespace skein::actors {

namespace {

/// Several notes, whatever they hold.
constexpr std::uintmax_t tail_bytes = 16 << 10;
constexpr std::string_view origin = "skein/log/";

} // namespace

std::optional<std::string> newest_note(const std::filesystem::path& heads_file) {
  std::error_code error;
  const auto size = std::filesystem::file_size(heads_file, error);
  if (error)
    return std::nullopt;
  const auto tail = store::read_from(heads_file, size - std::min(size, tail_bytes), tail_bytes);
  if (!tail)
    return std::nullopt;
  // A note begins with its origin at the beginning of a line; signatures have a dash before it.
  for (auto at = tail->rfind(origin); at != tail->npos;
       at = at == 0 ? tail->npos : tail->rfind(origin, at - 1)) {
    if (at != 0 && (*tail)[at - 1] != '\n')
      continue;
    auto note = tail->substr(at);
    note.resize(store::first_note_bytes(note)); // none of one that is still being written
    while (note.ends_with("\n\n"))
      note.pop_back();
    if (store::parse_head(note))
      return note;
  }
  return std::nullopt;
}

} // namespace skein::actors
