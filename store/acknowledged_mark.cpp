#include "store/acknowledged_mark.hpp"

#include <atomic>
#include <fcntl.h>
#include <fstream>
#include <sys/mman.h>
#include <unistd.h>

namespace skein::store {

namespace {

enum slot : size_t { sequence, wal_number, wal_bytes, slots };

constexpr auto file_name = "acknowledged";
constexpr size_t file_bytes = slots * sizeof(uint64_t);

uint64_t* map(const std::filesystem::path& file) {
  const int descriptor = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor < 0)
    return nullptr;
  // A page of a file that the disk has no room for would end the process when written to.
  void* at = MAP_FAILED;
  if (posix_fallocate(descriptor, 0, file_bytes) == 0)
    at = mmap(nullptr, file_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
  close(descriptor);
  return at == MAP_FAILED ? nullptr : static_cast<uint64_t*>(at);
}

} // namespace

acknowledged_mark::acknowledged_mark(const std::filesystem::path& folder)
    : mapped_{map(folder / file_name)} {}

acknowledged_mark::~acknowledged_mark() {
  if (mapped_)
    munmap(mapped_, file_bytes);
}

void acknowledged_mark::write(const acknowledged& mark) {
  if (!mapped_)
    return;
  // Each number is replaced at once; the claim comes last, after what explains it.
  auto store = [&](slot s, uint64_t value) {
    std::atomic_ref{mapped_[s]}.store(value, std::memory_order_release);
  };
  store(wal_number, mark.wal_number);
  store(wal_bytes, mark.wal_bytes);
  store(sequence, mark.sequence);
}

std::optional<acknowledged> acknowledged_mark::load(const std::filesystem::path& folder) {
  std::ifstream file{folder / file_name, std::ios::binary};
  uint64_t found[slots];
  if (!file.read(reinterpret_cast<char*>(found), file_bytes))
    return std::nullopt;
  return acknowledged{found[sequence], found[wal_number], found[wal_bytes]};
}

} // namespace skein::store
