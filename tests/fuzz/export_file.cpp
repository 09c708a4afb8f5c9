// A whole exported log, as `skein log verify` and `skein log import` read it.
#include "store/export_reader.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <sys/mman.h>
#include <unistd.h>

using namespace skein;
using namespace skein::fuzz;

namespace {

/// A file without a disk.
class memory_file {
public:
  explicit memory_file(std::string_view bytes) : fd_{::memfd_create("export", MFD_CLOEXEC)} {
    must(::write(fd_, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()),
         "the file is written");
  }
  ~memory_file() { ::close(fd_); }
  memory_file(const memory_file&) = delete;
  memory_file& operator=(const memory_file&) = delete;

  std::string path() const { return "/proc/self/fd/" + std::to_string(fd_); }

private:
  int fd_;
};

} // namespace

SKEIN_FUZZ(export_file, bytes) {
  const memory_file file{bytes};
  auto reader = store::export_reader::open(file.path());
  if (!reader)
    return must_say_why(reader.error());
  auto frame = (*reader)->next();
  for (; frame && !frame->empty(); frame = (*reader)->next())
    must((*reader)->tally().next_sequence() == frame->back().sequence + 1, "no gap is let through");
  must((*reader)->whole_bytes() <= bytes.size(), "no more is whole than there is");
  if (!frame)
    must_say_why(frame.error());
}
