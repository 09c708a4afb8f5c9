#include "config/files.hpp"

#include "config/yaml.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

namespace skein::config {

namespace fs = std::filesystem;

namespace {

bool is_hidden(const fs::path& x) { return x.filename().string().starts_with("."); }

} // namespace

expected<std::string> read_text(const fs::path& file) {
  std::error_code fault;
  if (!fs::is_regular_file(file, fault))
    return fail(file.string() + ": this is not a file that can be read; check the path");
  auto bytes = fs::file_size(file, fault);
  if (!fault && bytes > yaml::max_file_bytes)
    return fail(file.string() + ": the file is larger than 4 MiB; split it into several files");
  errno = 0;
  std::ifstream in{file, std::ios::binary};
  std::string text(fault ? 0 : bytes, '\0');
  if (!in || fault || !in.read(text.data(), static_cast<std::streamsize>(text.size())))
    return fail(file.string() + ": the file cannot be read (" + std::strerror(errno)
                + "); check its permissions");
  return text;
}

bool is_yaml_file(const fs::path& x) {
  return !is_hidden(x) && (x.extension() == ".yaml" || x.extension() == ".yml");
}

expected<std::vector<fs::path>> yaml_files(const fs::path& folder, const std::string& what) {
  std::error_code fault;
  std::vector<fs::path> files;
  fs::recursive_directory_iterator next{folder, fault};
  for (; !fault && next != fs::recursive_directory_iterator{}; next.increment(fault)) {
    if (is_hidden(next->path()))
      next.disable_recursion_pending();
    else if (is_yaml_file(next->path()) && !next->is_directory())
      files.push_back(next->path());
  }
  if (fault)
    return fail(folder.string() + ": the folder of " + what + " cannot be read (" + fault.message()
                + "); create it or correct its path in skein.yaml");
  std::sort(files.begin(), files.end());
  return files;
}

} // namespace skein::config
