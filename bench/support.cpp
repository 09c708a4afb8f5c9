#include "bench/support.hpp"

#include <algorithm>
#include <fcntl.h>
#include <string>
#include <unistd.h>

namespace skein::bench {

namespace fs = std::filesystem;

work_folder::work_folder() {
  const auto* chosen = std::getenv("SKEIN_BENCH_DIR");
  auto name
      = ((chosen ? fs::path{chosen} : fs::temp_directory_path()) / "skein-bench-XXXXXX").string();
  if (!mkdtemp(name.data()))
    give_up("no folder can be made at " + name);
  path_ = name;
}

work_folder::~work_folder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

void give_up(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  std::exit(1);
}

double median(std::vector<double> of) {
  const auto middle = of.begin() + static_cast<std::ptrdiff_t>(of.size() / 2);
  std::nth_element(of.begin(), middle, of.end());
  return *middle;
}

uint64_t argument(int count, char** arguments, int index, uint64_t otherwise) {
  return index < count ? std::stoull(arguments[index]) : otherwise;
}

void forget_cached(const fs::path& folder) {
  for (auto& file : fs::recursive_directory_iterator{folder}) {
    const int descriptor = open(file.path().c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
      continue;
    fdatasync(descriptor);
    posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED);
    close(descriptor);
  }
}

} // namespace skein::bench
