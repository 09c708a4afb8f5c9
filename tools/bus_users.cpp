#include "tools/bus_users.hpp"

#include "actors/api/secret.hpp"
#include "events/status.hpp"
#include "store/durable_file.hpp"
#include "store/file_lock.hpp"

#include <algorithm>
#include <array>
#include <crypt.h>
#include <cstdlib>
#include <memory>
#include <nlohmann/json.hpp>

namespace skein::tools {

namespace {

using cluster::bus_role;
using nlohmann::json;
namespace fs = std::filesystem;

constexpr std::size_t file_bytes_max = 1 << 20;
constexpr std::size_t name_bytes_max = 63;
// A password has 192 random bits, so the hash need not be slow; the server checks it at each
// connect.
constexpr unsigned long bcrypt_cost = 5;

constexpr std::array own_roles{bus_role::coordinator, bus_role::scanner, bus_role::fleet,
                               bus_role::notifier,    bus_role::agent,   bus_role::console};

std::string random_password() { return actors::base64url(actors::random_bytes(24)); }

expected<std::string> bcrypt(const std::string& password) {
  using text = std::unique_ptr<char, decltype(&std::free)>;
  const text salt{crypt_gensalt_ra("$2b$", bcrypt_cost, nullptr, 0), std::free};
  crypt_data room{};
  const char* hash
      = salt ? crypt_r(password.c_str(), salt.get(), &room) : static_cast<const char*>(nullptr);
  if (hash == nullptr || hash[0] == '*')
    return fail("this system's libcrypt cannot make a bcrypt hash; install libxcrypt");
  return std::string{hash};
}

bool is_good_name(std::string_view name) {
  return !name.empty() && name.size() <= name_bytes_max
         && std::all_of(name.begin(), name.end(), [](char c) {
              return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
                     || c == '-' || c == '_' || c == '.';
            });
}

std::string text_in(const json& from, const char* key) {
  const auto found = from.find(key);
  return found != from.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

std::optional<bus_user> user_of(const json& from) {
  if (!from.is_object())
    return std::nullopt;
  const auto role = cluster::bus_role_of(text_in(from, "role"));
  const auto hash = text_in(from, "bcrypt");
  const bus_user found{text_in(from, "name"), role.value_or(bus_role::viewer),
                       hash.empty() ? text_in(from, "password") : hash, text_in(from, "created"),
                       hash.empty()};
  if (!role || !is_good_name(found.name) || found.password.empty())
    return std::nullopt;
  return found;
}

json to_json(const bus_user& user) {
  return {{"name", user.name},
          {"role", cluster::to_string(user.role)},
          {user.is_own ? "password" : "bcrypt", user.password},
          {"created", user.created}};
}

expected<void> write(const fs::path& state, const std::vector<bus_user>& users) {
  auto all = json::array();
  for (const auto& each : users)
    all.push_back(to_json(each));
  return store::replace_durably(bus_users_file(state), json{{"users", all}}.dump(2) + "\n", 0600);
}

auto find(std::vector<bus_user>& users, std::string_view name) {
  return std::find_if(users.begin(), users.end(), [&](const auto& x) { return x.name == name; });
}

std::string this_moment() {
  using namespace std::chrono;
  return rfc3339(floor<microseconds>(system_clock::now()));
}

} // namespace

fs::path bus_users_file(const fs::path& state) { return state / "bus_users.json"; }

expected<std::vector<bus_user>> read_bus_users(const fs::path& state) {
  const auto file = bus_users_file(state);
  std::error_code error;
  if (!fs::exists(file, error) && !error)
    return std::vector<bus_user>{};
  const auto text = store::read_from(file, 0, file_bytes_max);
  if (!text)
    return tl::unexpected{text.error()};
  const auto said = json::parse(*text, nullptr, false);
  std::vector<bus_user> out;
  const auto users = said.is_object() ? said.find("users") : said.end();
  if (!said.is_object() || users == said.end() || !users->is_array())
    return fail(file.string()
                + " is not the list of the bus's users that Skein wrote; put it back "
                  "from a copy, or remove it to have a new one made");
  for (const auto& each : *users) {
    auto user = user_of(each);
    if (!user)
      return fail(file.string() + ": user " + std::to_string(out.size() + 1)
                  + " lacks a name, a role or a password; put the file back from a copy, or remove "
                    "it to have a new one made");
    out.push_back(std::move(*user));
  }
  return out;
}

expected<std::vector<bus_user>> make_bus_users(const fs::path& state) {
  const auto lock = store::file_lock::take(bus_users_file(state));
  if (!lock)
    return tl::unexpected{lock.error()};
  auto users = read_bus_users(state);
  if (!users)
    return users;
  const auto before = users->size();
  for (const auto role : own_roles) {
    const std::string name{cluster::to_string(role)};
    if (find(*users, name) == users->end())
      users->push_back({name, role, random_password(), this_moment(), true});
  }
  if (users->size() > before)
    if (auto written = write(state, *users); !written)
      return tl::unexpected{written.error()};
  return users;
}

expected<std::string> add_bus_user(const fs::path& state, const std::string& name, bus_role role) {
  if (!is_good_name(name))
    return fail("'" + name + "' cannot name a user; take 1 to 63 letters, digits, -, _ and .");
  const auto lock = store::file_lock::take(bus_users_file(state));
  if (!lock)
    return tl::unexpected{lock.error()};
  auto users = read_bus_users(state);
  if (!users)
    return tl::unexpected{users.error()};
  if (find(*users, name) != users->end() || cluster::bus_role_of(name))
    return fail("there is a user '" + name + "' already; take another name, or remove it first");
  auto password = random_password();
  auto hash = bcrypt(password);
  if (!hash)
    return hash;
  users->push_back({name, role, std::move(*hash), this_moment(), false});
  if (auto written = write(state, *users); !written)
    return tl::unexpected{written.error()};
  return password;
}

expected<void> remove_bus_user(const fs::path& state, const std::string& name) {
  const auto lock = store::file_lock::take(bus_users_file(state));
  if (!lock)
    return tl::unexpected{lock.error()};
  auto users = read_bus_users(state);
  if (!users)
    return tl::unexpected{users.error()};
  const auto found = find(*users, name);
  if (found == users->end())
    return fail("there is no user '" + name + "'; skein bus user list shows them");
  users->erase(found);
  return write(state, *users);
}

std::vector<cluster::nats_user> server_users(const std::vector<bus_user>& users) {
  std::vector<cluster::nats_user> out;
  for (const auto& each : users)
    out.push_back({each.name, each.password, each.role});
  return out;
}

std::optional<cluster::bus_identity> own_identity(const std::vector<bus_user>& users,
                                                  bus_role role) {
  for (const auto& each : users)
    if (each.is_own && each.role == role) {
      cluster::bus_identity who;
      who.user = each.name;
      who.password = each.password;
      return who;
    }
  return std::nullopt;
}

expected<cluster::bus_identity> configured_identity(const config::nats& says) {
  const auto& login = says.login;
  auto who = cluster::identity_from_environment();
  if (!login.user.empty()) {
    const char* password = std::getenv(login.password_env.c_str());
    if (password == nullptr)
      return fail("the password of the NATS user " + login.user + " is to be in the variable "
                  + login.password_env
                  + " (nats: password_env: in skein.yaml), which is not set; set it");
    who.user = login.user;
    who.password = password;
  }
  if (!login.credentials.empty())
    who.credentials = login.credentials;
  return with_certificates(std::move(who), says);
}

cluster::bus_identity with_certificates(cluster::bus_identity who, const config::nats& says) {
  if (!says.ca.empty())
    who.ca = says.ca;
  // Of the embedded server the certificate is the server's, and shown by us only where it asks.
  if ((!says.is_embedded() || !says.client_ca.empty()) && !says.certificate.empty()) {
    who.certificate = says.certificate;
    who.key = says.key;
  }
  return who;
}

} // namespace skein::tools
