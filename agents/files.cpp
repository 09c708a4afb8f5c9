#include "agents/files.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <memory>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace skein::agents {

namespace {

class descriptor {
public:
  descriptor(const std::filesystem::path& path, int flags)
      : fd_{::open(path.c_str(), flags | O_CLOEXEC, 0644)} {}
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  ~descriptor() {
    if (fd_ >= 0)
      ::close(fd_);
  }
  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

private:
  int fd_;
};

tl::unexpected<trouble> failed(std::string_view doing, const std::filesystem::path& what) {
  return tl::unexpected<trouble>{trouble_of(errno, doing, what)};
}

class sha256 {
public:
  sha256() : context_{EVP_MD_CTX_new(), EVP_MD_CTX_free} {
    EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr);
  }
  void add(std::string_view bytes) { EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()); }
  std::string hex() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    EVP_DigestFinal_ex(context_.get(), digest.data(), &size);
    std::string text;
    for (unsigned i = 0; i < size; ++i)
      text += fmt::format("{:02x}", digest[i]);
    return text;
  }

private:
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

/// Calls `use` with each block of the file.
template <class Use>
outcome<void> each_block(const std::filesystem::path& path, Use use) {
  const descriptor file{path, O_RDONLY};
  if (!file)
    return failed("open", path);
  std::vector<char> block(1u << 20);
  for (;;) {
    const auto got = ::read(file.get(), block.data(), block.size());
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      return failed("read", path);
    if (got == 0)
      return {};
    use(std::string_view{block.data(), static_cast<std::size_t>(got)});
  }
}

} // namespace

trouble trouble_of(int error_number, std::string_view doing, const std::filesystem::path& what) {
  const bool full = error_number == ENOSPC || error_number == EDQUOT;
  return {full ? trouble_kind::transient : trouble_kind::permanent,
          fmt::format("Could not {} {}: {}{}.", doing, what.string(), std::strerror(error_number),
                      full ? "; free some space" : ""),
          {}};
}

outcome<std::string> sha256_of_file(const std::filesystem::path& path) {
  sha256 sum;
  if (auto done = each_block(path, [&](std::string_view block) { sum.add(block); }); !done)
    return hand_on(done);
  return sum.hex();
}

std::string sha256_of_text(std::string_view text) {
  sha256 sum;
  sum.add(text);
  return sum.hex();
}

outcome<std::string> read_file(const std::filesystem::path& path) {
  std::string content;
  if (auto done = each_block(path, [&](std::string_view block) { content += block; }); !done)
    return hand_on(done);
  return content;
}

outcome<void> write_file(const std::filesystem::path& path, std::string_view content) {
  const descriptor file{path, O_WRONLY | O_CREAT | O_TRUNC};
  if (!file)
    return failed("create", path);
  while (!content.empty()) {
    const auto written = ::write(file.get(), content.data(), content.size());
    if (written < 0 && errno != EINTR)
      return failed("write", path);
    if (written > 0)
      content.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(file.get()) != 0)
    return failed("write", path);
  return {};
}

outcome<void> replace_file(const std::filesystem::path& path, std::string_view content) {
  auto beside = path;
  beside += fmt::format(".{}.tmp", ::getpid());
  auto written = write_file(beside, content);
  if (written && ::rename(beside.c_str(), path.c_str()) != 0)
    written = failed("rename a finished file to", path);
  if (!written) {
    ::unlink(beside.c_str());
    return hand_on(written);
  }
  return sync(path.parent_path());
}

outcome<void> sync(const std::filesystem::path& path) {
  const descriptor file{path, O_RDONLY};
  if (!file || ::fsync(file.get()) != 0)
    return failed("make durable", path);
  return {};
}

std::string file_name_for(std::string_view name) {
  std::string out;
  for (const char x : name) {
    const bool plain = (x >= 'a' && x <= 'z') || (x >= 'A' && x <= 'Z') || (x >= '0' && x <= '9')
                       || x == '_' || x == '@' || x == '-' || (x == '.' && !out.empty());
    out += plain ? std::string(1, x) : fmt::format("%{:02X}", static_cast<unsigned char>(x));
  }
  return out;
}

outcome<file_stamp> stamp_of(const std::filesystem::path& path) {
  struct stat x {};
  if (::stat(path.c_str(), &x) != 0)
    return failed("look at", path);
  return file_stamp{static_cast<std::uintmax_t>(x.st_size),
                    int64_t{x.st_mtim.tv_sec} * 1'000'000'000 + x.st_mtim.tv_nsec, x.st_ino};
}

} // namespace skein::agents
