#include "store/heads_file.hpp"

#include "store/durable_file.hpp"

#include <fmt/format.h>

namespace skein::store {

namespace fs = std::filesystem;

namespace {

/// Several times a head. A file whose end is looked at is read from so far before its end.
constexpr size_t tail_bytes = 16 << 10;
constexpr size_t piece_bytes = 1 << 20;

/// Takes the whole notes off the front of `text`; what is left is no whole note, or none yet.
void take_notes(std::string_view& text, const std::function<void(std::string_view)>& visit) {
  while (const auto bytes = first_note_bytes(text)) {
    auto note = text.substr(0, bytes);
    text.remove_prefix(bytes);
    note.remove_prefix(std::min(note.find_first_not_of('\n'), note.size()));
    while (note.ends_with("\n\n"))
      note.remove_suffix(1);
    visit(note);
  }
}

bool is_blank(std::string_view text) { return text.find_first_not_of('\n') == text.npos; }

} // namespace

expected<heads_file> heads_file::open(const fs::path& path) {
  std::error_code error;
  if (path.has_parent_path())
    fs::create_directories(path.parent_path(), error);
  heads_file result{path};
  if (auto made = append_durably(path, ""); !made)
    return tl::unexpected{made.error()};
  return result.find_last().map([&] { return std::move(result); });
}

expected<void> heads_file::find_last() {
  std::error_code error;
  const auto size = fs::file_size(path_, error);
  if (error)
    return fail(fmt::format("cannot look at the heads in {}: {}", path_.string(), error.message()));
  const auto from = size > tail_bytes ? size - tail_bytes : 0;
  const auto content = read_from(path_, from, tail_bytes);
  if (!content)
    return tl::unexpected{content.error()};
  std::string_view rest = *content;
  if (from > 0) // into the middle of a note, most likely: notes are two blocks, so skip both
    rest.remove_prefix(std::min(rest.find("\n\nskein/log/"), rest.size()));
  take_notes(rest, [&](std::string_view note) { last_ = note; });
  if (is_blank(rest))
    return {};
  warning_ = fmt::format("the last head in {} was torn by a crash: its {} bytes are cut off",
                         path_.string(), rest.size());
  return cut_durably(path_, size - rest.size());
}

expected<void> heads_file::append(const std::vector<std::string>& notes) {
  std::string all;
  for (const auto& note : notes)
    all += note + "\n";
  return append_durably(path_, all).map([&] { last_ = notes.back(); });
}

expected<size_t> each_note(const fs::path& path,
                           const std::function<void(uint64_t, std::string_view)>& visit,
                           uint64_t bytes) {
  uint64_t number = 0, offset = 0;
  std::string kept;
  for (;;) {
    const auto wanted = std::min<uint64_t>(piece_bytes, bytes - offset);
    const auto piece = read_from(path, offset, wanted);
    if (!piece)
      return tl::unexpected{piece.error()};
    kept += *piece;
    offset += piece->size();
    // A note may go on in the next piece, so its last one waits for that.
    std::string_view rest = kept;
    const bool is_end = piece->size() < piece_bytes;
    if (!is_end)
      rest = rest.substr(0, kept.rfind("\n\nskein/log/") + 2);
    const auto before = rest.size();
    take_notes(rest, [&](std::string_view note) { visit(++number, note); });
    kept.erase(0, before - rest.size());
    if (is_end)
      return is_blank(kept) ? 0 : kept.size();
  }
}

} // namespace skein::store
