#include "actors/api/secret.hpp"

#include "store/durable_file.hpp"
#include "store/encodings.hpp"
#include "store/sha256.hpp"

#include <sys/random.h>
#include <sys/stat.h>

namespace skein::actors {

namespace {

constexpr std::size_t secret_bytes = 32;
constexpr std::size_t block_bytes = 64;

} // namespace

std::string random_bytes(std::size_t count) {
  std::string result(count, '\0');
  for (std::size_t done = 0; done < count;) {
    const auto got = getrandom(result.data() + done, count - done, 0);
    if (got > 0)
      done += static_cast<std::size_t>(got);
  }
  return result;
}

std::string base64url(std::string_view bytes) {
  auto text = store::base64(bytes);
  while (!text.empty() && text.back() == '=')
    text.pop_back();
  for (auto& x : text)
    x = x == '+' ? '-' : x == '/' ? '_' : x;
  return text;
}

std::string authenticate(std::string_view key, std::string_view message) {
  std::string inner(block_bytes, '\x36'), outer(block_bytes, '\x5c');
  for (std::size_t i = 0; i < key.size() && i < block_bytes; ++i) {
    inner[i] = static_cast<char>(inner[i] ^ key[i]);
    outer[i] = static_cast<char>(outer[i] ^ key[i]);
  }
  thread_local store::sha256 hash;
  const auto first = hash.of({inner, message});
  const auto second = hash.of({outer, store::bytes_of(first)});
  return std::string{store::bytes_of(second)};
}

bool equal_secrets(std::string_view a, std::string_view b) {
  if (a.size() != b.size())
    return false;
  unsigned char differs = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    differs |= static_cast<unsigned char>(a[i] ^ b[i]);
  return differs == 0;
}

expected<std::string> load_or_make_secret(const std::filesystem::path& file) {
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) {
    std::filesystem::create_directories(file.parent_path(), ignored);
    auto made = random_bytes(secret_bytes);
    if (auto written = store::replace_durably(file, made, 0600); !written)
      return tl::unexpected{written.error()};
    return made;
  }
  struct stat facts {};
  if (stat(file.c_str(), &facts) == 0 && (facts.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return fail(file.string()
                + " may be read by others than its owner; remove it, since it is no "
                  "secret any more, and a new one is made");
  auto found = store::read_from(file, 0, secret_bytes + 1);
  if (found && found->size() != secret_bytes)
    return fail(file.string() + " does not hold " + std::to_string(secret_bytes)
                + " bytes; remove it, and a new one is made");
  return found;
}

} // namespace skein::actors
