// The ordinary build's stand-in for libFuzzer: gives a target its kept corpus, then so many random
// mutations of it, the same ones each time. `replay_corpus <target> <folder> <mutations>`
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <random>
#include <unistd.h>
#include <vector>

namespace skein::fuzz {

namespace {

std::map<std::string, target>& targets() {
  static std::map<std::string, target> all;
  return all;
}

} // namespace

bool add_target(const char* name, target run) { return targets().emplace(name, run).second; }

namespace {

namespace fs = std::filesystem;

// For the signal handler: where to write the bytes that ended the program.
std::string crash_file;
std::string_view current;

void keep_crash(int signal) {
  const int fd = ::open(crash_file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  const bool kept = fd >= 0 && ::write(fd, current.data(), current.size()) >= 0;
  constexpr std::string_view said = "the bytes that did it are in ";
  if (kept && ::write(2, said.data(), said.size()) > 0
      && ::write(2, crash_file.data(), crash_file.size()) > 0)
    (void)!::write(2, "\n", 1);
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

void run_on(target run, const std::string& bytes) {
  current = bytes;
  run(bytes);
}

std::vector<std::string> corpus_in(const fs::path& folder) {
  std::vector<fs::path> files{fs::directory_iterator{folder}, fs::directory_iterator{}};
  std::sort(files.begin(), files.end());
  std::vector<std::string> all;
  for (const auto& file : files) {
    std::ifstream in{file, std::ios::binary};
    all.emplace_back(std::istreambuf_iterator<char>{in}, std::istreambuf_iterator<char>{});
  }
  return all;
}

class mutator {
public:
  explicit mutator(std::vector<std::string> corpus) : corpus_{std::move(corpus)} {}

  std::string next() {
    auto bytes = any();
    for (auto changes = 1 + below(5); changes > 0; --changes)
      change(bytes);
    return bytes;
  }

private:
  std::size_t below(std::size_t n) { return n == 0 ? 0 : dice_() % n; }
  const std::string& any() { return corpus_[below(corpus_.size())]; }

  /// A piece of some file of the corpus: half of all mutations would be noise without it.
  std::string piece() {
    const auto& from = any();
    return from.empty() ? from : from.substr(below(from.size()), 1 + below(32));
  }

  void change(std::string& bytes) {
    const auto at = below(bytes.size());
    switch (below(6)) {
      case 0: bytes.insert(at, piece()); break;
      case 1: bytes.replace(at, 1 + below(8), piece()); break;
      case 2: bytes.erase(at, 1 + below(8)); break;
      case 3: bytes.resize(at); break;
      case 4: bytes.insert(at, 1, static_cast<char>(below(256))); break;
      default:
        if (!bytes.empty())
          bytes[at] = static_cast<char>(bytes[at] ^ (1 << below(8)));
    }
  }

  std::vector<std::string> corpus_;
  std::mt19937_64 dice_{20261122};
};

int replay(target run, const fs::path& folder, int mutations) {
  const auto corpus = corpus_in(folder);
  if (corpus.empty()) {
    std::fprintf(stderr, "no corpus is in %s\n", folder.c_str());
    return 1;
  }
  run_on(run, "");
  for (const auto& bytes : corpus)
    run_on(run, bytes);
  mutator mutate{corpus};
  for (int i = 0; i < mutations; ++i)
    run_on(run, mutate.next());
  std::printf("%zu kept, %d mutated\n", corpus.size(), mutations);
  return 0;
}

} // namespace

} // namespace skein::fuzz

int main(int argc, char** argv) {
  using namespace skein::fuzz;
  const auto found = argc == 4 ? targets().find(argv[1]) : targets().end();
  if (found == targets().end()) {
    std::fprintf(stderr, "usage: %s TARGET FOLDER MUTATIONS; targets are", argv[0]);
    for (const auto& [name, run] : targets())
      std::fprintf(stderr, " %s", name.c_str());
    std::fprintf(stderr, "\n");
    return 2;
  }
  crash_file = "crash-" + found->first;
  for (const int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL})
    std::signal(signal, keep_crash);
  return replay(found->second, argv[2], std::atoi(argv[3]));
}
