#include "tools/skein/given_heads.hpp"

#include "store/heads_file.hpp"

#include <fmt/format.h>

namespace skein::console {

expected<std::vector<given_head>> heads_in(const std::string& given) {
  if (given.find('\n') != std::string::npos)
    return std::vector<given_head>{{given, "the head given"}};
  std::vector<given_head> heads;
  const auto rest = store::each_note(given, [&](uint64_t number, std::string_view note) {
    heads.push_back({std::string{note}, fmt::format("head {} in {}", number, given)});
  });
  if (!rest)
    return tl::unexpected{rest.error()};
  if (*rest > 0 || heads.empty())
    return fail(fmt::format("{} does not hold whole heads only: expected what `skein audit head` "
                            "prints",
                            given));
  return heads;
}

outcome<std::vector<store::verifying_key>> keys_in(const std::vector<std::string>& texts) {
  std::vector<store::verifying_key> keys;
  for (const auto& text : texts) {
    auto key = store::verifying_key::parse(text);
    if (!key)
      return give_up(exit_code::usage, key.error().what);
    keys.push_back(std::move(*key));
  }
  return keys;
}

} // namespace skein::console
