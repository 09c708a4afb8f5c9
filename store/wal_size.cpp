#include "store/wal_size.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace skein::store {

std::filesystem::path wal_file(const std::filesystem::path& folder, uint64_t number) {
  return folder / fmt::format("{:06}.log", number);
}

wal_size::~wal_size() {
  if (file_ >= 0)
    close(file_);
}

bool wal_size::grown() {
  struct stat now {};
  if (file_ < 0 || fstat(file_, &now) != 0)
    return false;
  return std::exchange(bytes_, now.st_size) < static_cast<uint64_t>(now.st_size);
}

void wal_size::look_at(uint64_t number) {
  if (file_ >= 0)
    close(file_);
  file_ = open(wal_file(folder_, number).c_str(), O_RDONLY | O_CLOEXEC);
  number_ = number;
  bytes_ = 0;
  grown();
}

} // namespace skein::store
