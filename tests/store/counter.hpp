#pragma once

#include <cstdint>
#include <fcntl.h>
#include <filesystem>
#include <sys/mman.h>
#include <unistd.h>

namespace skein::store::test {

/// Eight bytes of a file shared between processes: what a process wrote there outlives its kill.
inline uint64_t* map_counter(const std::filesystem::path& file) {
  const int descriptor = open(file.c_str(), O_RDWR | O_CLOEXEC);
  void* at = mmap(nullptr, sizeof(uint64_t), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
  close(descriptor);
  return at == MAP_FAILED ? nullptr : static_cast<uint64_t*>(at);
}

} // namespace skein::store::test
