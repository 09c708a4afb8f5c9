#pragma once

#include "config/checked.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace skein::config::test {

/// A private folder below the system's temporary one, removed with everything in it.
class temporary_folder {
public:
  temporary_folder() {
    auto name = (std::filesystem::temp_directory_path() / "skein-config-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~temporary_folder() { std::filesystem::remove_all(path_); }
  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;

  const std::filesystem::path& path() const { return path_; }

  std::filesystem::path write(const std::string& name, const std::string& text) const {
    auto file = path_ / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream{file, std::ios::binary} << text;
    return file;
  }

private:
  std::filesystem::path path_;
};

inline std::string read_file(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream{file, std::ios::binary}.rdbuf();
  return text.str();
}

inline std::string lines(const std::vector<failure>& mistakes) { return joined(mistakes).what; }

template <class T>
std::string lines(const checked<T>& x) {
  return x ? "" : lines(x.error());
}

template <class T>
std::string lines(const expected<T>& x) {
  return x ? "" : x.error().what;
}

/// The text with one part replaced; the part must be there, so that no test passes by accident.
inline std::string with(std::string text, const std::string& part, const std::string& instead) {
  auto at = text.find(part);
  if (at == std::string::npos)
    throw std::logic_error{"the text has no part " + part};
  return text.replace(at, part.size(), instead);
}

} // namespace skein::config::test
