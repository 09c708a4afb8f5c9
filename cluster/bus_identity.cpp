#include "cluster/bus_identity.hpp"

#include "cluster/subjects.hpp"

#include <cstdlib>

namespace skein::cluster {

namespace {

constexpr auto user_variable = "SKEIN_NATS_USER";
constexpr auto password_variable = "SKEIN_NATS_PASSWORD";
constexpr auto credentials_variable = "SKEIN_NATS_CREDENTIALS";
constexpr auto ca_variable = "SKEIN_NATS_CA_FILE";
constexpr auto certificate_variable = "SKEIN_NATS_CERTIFICATE";
constexpr auto key_variable = "SKEIN_NATS_KEY";

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string{} : value;
}

} // namespace

std::string inbox_of(const bus_identity& who) {
  const std::string shared = "_INBOX";
  const auto token = encode_token(who.user);
  return token ? shared + "." + *token : shared;
}

std::vector<std::pair<std::string, std::string>> environment_of(const bus_identity& who) {
  std::vector<std::pair<std::string, std::string>> all{
      {user_variable, who.user},
      {password_variable, who.password},
      {credentials_variable, who.credentials.string()},
      {ca_variable, who.ca.string()},
      {certificate_variable, who.certificate.string()},
      {key_variable, who.key.string()}};
  std::erase_if(all, [](const auto& x) { return x.second.empty(); });
  return all;
}

bus_identity identity_from_environment() {
  return {variable(user_variable), variable(password_variable),    variable(credentials_variable),
          variable(ca_variable),   variable(certificate_variable), variable(key_variable)};
}

} // namespace skein::cluster
