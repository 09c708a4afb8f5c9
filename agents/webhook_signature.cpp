#include "agents/webhook_signature.hpp"

#include "agents/files.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace skein::agents {

namespace {

constexpr std::string_view prefix = "whsec_";

// What the specification asks of a key, in bytes.
constexpr std::size_t key_min = 24;
constexpr std::size_t key_max = 64;

const unsigned char* bytes_of(const std::string& text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string base64(const std::string& bytes) {
  std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const auto size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), bytes_of(bytes),
                                    static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

/// Empty if it is none: OpenSSL counts the padding in.
std::string from_base64(const std::string& text) {
  std::string out(3 * (text.size() / 4) + 1, '\0');
  const auto size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()), bytes_of(text),
                                    static_cast<int>(text.size()));
  if (size < 0 || text.size() % 4 != 0)
    return {};
  const auto content = text.find_last_not_of('=') + 1;
  out.resize(static_cast<std::size_t>(size) - (text.size() - content));
  return out;
}

std::string hmac_sha256(const std::string& key, const std::string& text) {
  std::string out(EVP_MAX_MD_SIZE, '\0');
  unsigned int size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes_of(text), text.size(),
       reinterpret_cast<unsigned char*>(out.data()), &size);
  out.resize(size);
  return out;
}

} // namespace

outcome<std::string> webhook_key(const std::string& secret) {
  auto key = secret.starts_with(prefix) ? from_base64(secret.substr(prefix.size())) : std::string{};
  if (key.size() < key_min || key.size() > key_max)
    return give_up(fmt::format("SKEIN_WEBHOOK_SECRET is no secret for webhooks; expected \"{}\" "
                               "and the base64 of {} to {} random bytes.",
                               prefix, key_min, key_max));
  return key;
}

std::vector<std::pair<std::string, std::string>> webhook_headers(const std::string& key,
                                                                 const std::string& id,
                                                                 int64_t unix_seconds,
                                                                 const std::string& body) {
  const auto timestamp = std::to_string(unix_seconds);
  std::vector<std::pair<std::string, std::string>> headers{{"webhook-id", id},
                                                           {"webhook-timestamp", timestamp}};
  if (!key.empty())
    headers.emplace_back(
        "webhook-signature",
        "v1," + base64(hmac_sha256(key, fmt::format("{}.{}.{}", id, timestamp, body))));
  return headers;
}

std::string webhook_id(const std::string& digest, const std::string& to) {
  return "msg_" + sha256_of_text(digest + '\0' + to).substr(0, 32);
}

} // namespace skein::agents
