#include "actors/api/attempt_token.hpp"

#include "actors/api/secret.hpp"
#include "store/encodings.hpp"

namespace skein::actors {

namespace {

constexpr std::string_view prefix = "skein_attempt_";

int digit_of(char x) {
  return x >= '0' && x <= '9' ? x - '0' : x >= 'a' && x <= 'f' ? x - 'a' + 10 : -1;
}

std::optional<std::string> from_hex(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    const int high = digit_of(text[i]), low = digit_of(text[i + 1]);
    if (high < 0 || low < 0)
      return std::nullopt;
    result += static_cast<char>(high << 4 | low);
  }
  return text.size() % 2 == 0 ? std::optional{std::move(result)} : std::nullopt;
}

} // namespace

std::string attempt_tokens::of(const attempt_id& of) const {
  const auto text = of.text();
  return std::string{prefix} + store::hex(text) + "_"
         + base64url(authenticate(secret_, "attempt\n" + text));
}

std::optional<attempt_id> attempt_tokens::find(const std::string& token) const {
  if (!token.starts_with(prefix))
    return std::nullopt;
  const auto rest = std::string_view{token}.substr(prefix.size());
  const auto text = from_hex(rest.substr(0, rest.find('_')));
  const auto attempt = text ? parse_attempt_id(*text) : std::nullopt;
  if (!attempt || !equal_secrets(token, of(*attempt)))
    return std::nullopt;
  return attempt;
}

} // namespace skein::actors
