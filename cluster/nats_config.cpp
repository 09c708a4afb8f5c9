#include "cluster/nats_config.hpp"

#include "cluster/bus_identity.hpp"

#include <string_view>

namespace skein::cluster {

namespace {

/// A string as the file has it.
std::string config_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\')
      out += '\\';
    out += c;
  }
  return out + "\"";
}

/// A bare `$NAME` is looked up by the server; in quotes it would be the password itself.
std::string password(const std::string& text) {
  const auto is_variable
      = text.size() > 1 && text[0] == '$'
        && text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789", 1) == text.npos;
  return is_variable ? text : config_text(text);
}

std::string allow(std::string_view what, const std::vector<std::string>& subjects) {
  std::string out = "        " + std::string{what} + ": {allow: [";
  for (const auto& each : subjects)
    out += (out.back() == '[' ? "\n          " : ",\n          ") + config_text(each);
  return out + "]}\n";
}

std::string user_text(const nats_user& user, const std::vector<std::string>& action_subjects) {
  bus_identity who;
  who.user = user.name;
  const auto may = permissions_of(user.role, inbox_of(who), action_subjects);
  auto out = "    {\n      user: " + config_text(user.name)
             + ", password: " + password(user.password) + " # " + std::string{to_string(user.role)}
             + "\n      permissions: {\n" + allow("publish", may.publish)
             + allow("subscribe", may.subscribe);
  // Long enough for a scan that has to wait for another one.
  if (may.may_respond)
    out += "        allow_responses: {max: 1, expires: \"10m\"}\n";
  return out + "      }\n    }\n";
}

std::string tls_text(const nats_tls& tls) {
  if (tls.certificate.empty())
    return {};
  auto out = "tls {\n  cert_file: " + config_text(tls.certificate.string())
             + "\n  key_file: " + config_text(tls.key.string()) + "\n";
  if (!tls.client_ca.empty())
    out += "  ca_file: " + config_text(tls.client_ca.string()) + "\n  verify: true\n";
  return out + "  timeout: 5\n}\n";
}

std::string host_and_port(const nats_config& what) {
  const bool is_v6 = what.address.find(':') != std::string::npos;
  // -1 is the server's word for a free port.
  return (is_v6 ? "[" + what.address + "]" : what.address) + ":"
         + (what.port == 0 ? "-1" : std::to_string(what.port));
}

} // namespace

std::string authorization_text(const nats_access& who) {
  if (who.users.empty())
    return {};
  std::string out = "authorization {\n  timeout: 5\n  users = [\n";
  for (const auto& each : who.users)
    out += user_text(each, who.action_subjects);
  // A name that no user of ours can have.
  if (who.is_open)
    out += "    {user: \"*\", password: \"\"}\n";
  return out + "  ]\n}\n" + (who.is_open ? "no_auth_user: \"*\"\n" : "");
}

std::string server_text(const nats_config& what) {
  // Reports with hundreds of entries need the 4 MiB.
  return "# Written by Skein at each start: changes are lost.\nlisten: "
         + config_text(host_and_port(what))
         + "\npid_file: " + config_text((what.folder / "nats.pid").string()) + "\nports_file_dir: "
         + config_text(what.folder.string()) + "\nmax_payload: 4194304\njetstream {\n  store_dir: "
         + config_text((what.folder / "jetstream").string()) + "\n  max_memory_store: 67108864\n}\n"
         + tls_text(what.tls) + authorization_text(what.access);
}

} // namespace skein::cluster
