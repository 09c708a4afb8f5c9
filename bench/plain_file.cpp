#include "bench/plain_file.hpp"

#include "bench/support.hpp"

#include <fcntl.h>
#include <unistd.h>

namespace skein::bench {

plain_file::plain_file(const std::filesystem::path& path)
    : file_{open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644)} {
  if (file_ < 0)
    give_up("no file can be made at " + path.string());
}

plain_file::~plain_file() { close(file_); }

void plain_file::append(std::span<const store::append> batch) {
  bytes_.clear();
  for (auto& a : batch)
    for (auto& record : a.records) {
      const auto length = static_cast<uint32_t>(record.size());
      bytes_.append(reinterpret_cast<const char*>(&length), sizeof length).append(record);
    }
  if (write(file_, bytes_.data(), bytes_.size()) != static_cast<ssize_t>(bytes_.size())
      || fdatasync(file_) != 0)
    give_up("the plain file takes no more");
}

} // namespace skein::bench
