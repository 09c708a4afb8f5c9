#include "store/durable_file.hpp"

#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <system_error>
#include <unistd.h>

namespace skein::store {

namespace fs = std::filesystem;

namespace {

class descriptor {
public:
  descriptor(const fs::path& path, int flags, mode_t mode = 0)
      : number_{::open(path.c_str(), flags | O_CLOEXEC, mode)} {}
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  ~descriptor() {
    if (number_ >= 0)
      ::close(number_);
  }

  int get() const { return number_; }
  explicit operator bool() const { return number_ >= 0; }

private:
  int number_;
};

bool write_all(int file, std::string_view content) {
  while (!content.empty()) {
    const auto written = ::write(file, content.data(), content.size());
    if (written < 0 && errno == EINTR)
      continue;
    if (written < 0)
      return false;
    content.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

/// A new or renamed file is only there for certain once its folder is synced.
expected<void> sync_folder_of(const fs::path& path) {
  const auto folder = path.has_parent_path() ? path.parent_path() : fs::path{"."};
  const descriptor opened{folder, O_RDONLY | O_DIRECTORY};
  if (!opened || ::fsync(opened.get()) != 0)
    return cannot("sync the folder", folder);
  return {};
}

} // namespace

tl::unexpected<failure> cannot(std::string_view what, const fs::path& path) {
  return fail(fmt::format("cannot {} {}: {}", what, path.string(),
                          std::error_code{errno, std::generic_category()}.message()));
}

expected<std::string> read_from(const fs::path& path, uint64_t offset, size_t limit) {
  const descriptor file{path, O_RDONLY};
  if (!file)
    return cannot("open", path);
  std::string content;
  char block[1 << 16];
  while (content.size() < limit) {
    const auto wanted = std::min(sizeof block, limit - content.size());
    const auto got
        = ::pread(file.get(), block, wanted, static_cast<off_t>(offset + content.size()));
    if (got < 0)
      return cannot("read", path);
    if (got == 0)
      break;
    content.append(block, static_cast<size_t>(got));
  }
  return content;
}

expected<void> replace_durably(const fs::path& path, std::string_view content, mode_t mode) {
  const fs::path beside = path.string() + ".new";
  ::unlink(beside.c_str()); // of a start that was killed
  {
    const descriptor file{beside, O_WRONLY | O_CREAT | O_EXCL, mode};
    if (!file || !write_all(file.get(), content) || ::fsync(file.get()) != 0)
      return cannot("write", beside);
  }
  if (::rename(beside.c_str(), path.c_str()) != 0)
    return cannot("rename the new file to", path);
  return sync_folder_of(path);
}

expected<void> append_durably(const fs::path& path, std::string_view content) {
  const bool is_new = ::access(path.c_str(), F_OK) != 0;
  const descriptor file{path, O_WRONLY | O_CREAT | O_APPEND, 0644};
  if (!file || !write_all(file.get(), content) || ::fsync(file.get()) != 0)
    return cannot("append to", path);
  return is_new ? sync_folder_of(path) : expected<void>{};
}

expected<void> cut_durably(const fs::path& path, uint64_t size) {
  const descriptor file{path, O_WRONLY};
  if (!file || ::ftruncate(file.get(), static_cast<off_t>(size)) != 0 || ::fsync(file.get()) != 0)
    return cannot("cut", path);
  return {};
}

} // namespace skein::store
