#include "store/folder.hpp"

#include <algorithm>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <vector>

namespace skein::store {

namespace fs = std::filesystem;

namespace {

std::vector<std::string> names_in(const fs::path& path, std::error_code& error) {
  std::vector<std::string> names;
  for (fs::directory_iterator i{path, error}, end; !error && i != end; i.increment(error))
    names.push_back(i->path().filename());
  return names;
}

/// RocksDB writes these before it writes CURRENT; data comes only after that.
bool left_by_unfinished_creation(const std::string& name) {
  return name == "LOCK" || name == "IDENTITY" || name == "MANIFEST-000001"
         || name.starts_with("LOG") || name.ends_with(".dbtmp");
}

} // namespace

expected<folder_content> survey_folder(const fs::path& path, std::string_view noun) {
  std::error_code error;
  auto status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found)
    return folder_content::nothing;
  if (!error && !fs::is_directory(status))
    return fail(fmt::format("{} is not a folder: name a folder for the {}", path.string(), noun));
  auto names = names_in(path, error);
  if (error)
    return fail(fmt::format("the folder {} of the {} cannot be read: {}", path.string(), noun,
                            error.message()));
  if (std::ranges::count(names, "CURRENT"))
    return folder_content::database;
  auto stranger = std::ranges::find_if_not(names, left_by_unfinished_creation);
  if (stranger != names.end())
    return fail(fmt::format("{} has no CURRENT file but holds {}: it is either not the folder of "
                            "the {}, or damaged; name an empty folder, or restore this one",
                            path.string(), *stranger, noun));
  return folder_content::nothing;
}

bool holds_table_files(const fs::path& path) {
  std::error_code error;
  auto names = names_in(path, error);
  return std::ranges::any_of(names, [](auto& name) { return name.ends_with(".sst"); });
}

void sync_folder(const fs::path& path) {
  const int folder = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0)
    return;
  fsync(folder);
  close(folder);
}

} // namespace skein::store
