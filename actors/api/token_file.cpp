#include "actors/api/token_file.hpp"

#include "actors/api/secret.hpp"
#include "actors/json_text.hpp"
#include "events/status.hpp"
#include "store/durable_file.hpp"
#include "store/encodings.hpp"
#include "store/file_lock.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>
#include <sys/stat.h>

namespace skein::actors {

namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr std::size_t file_bytes_max = 4 << 20;
constexpr std::size_t name_bytes_max = 63;

std::optional<token_entry> entry_of(const json& from) {
  if (!from.is_object())
    return std::nullopt;
  for (const auto* member : {"name", "role", "sha256"})
    if (!from.contains(member) || !from[member].is_string())
      return std::nullopt;
  const auto may = role_of(from["role"].get_ref<const std::string&>());
  token_entry result{from["name"], may.value_or(role::viewer), from["sha256"],
                     from.value("created", json("")).is_string() ? from.value("created", "") : ""};
  const bool is_hash = result.sha256.size() == 64
                       && result.sha256.find_first_not_of("0123456789abcdef") == std::string::npos;
  return may && is_hash ? std::optional{std::move(result)} : std::nullopt;
}

expected<void> write_tokens(const fs::path& file, const std::vector<token_entry>& tokens) {
  json list = json::array();
  for (const auto& x : tokens)
    list.push_back({{"name", x.name},
                    {"role", std::string{to_string(x.may)}},
                    {"sha256", x.sha256},
                    {"created", x.created}});
  return store::replace_durably(file, json{{"tokens", std::move(list)}}.dump(2) + "\n", 0600);
}

bool is_token_name(const std::string& name) {
  return !name.empty() && name.size() <= name_bytes_max
         && std::all_of(name.begin(), name.end(), [](unsigned char x) {
              return std::isalnum(x) || std::strchr("-_.@", x) != nullptr;
            });
}

} // namespace

fs::path default_token_file(const fs::path& state) { return state / "tokens.json"; }

expected<std::vector<token_entry>> read_tokens(const fs::path& file) {
  struct stat facts {};
  if (stat(file.c_str(), &facts) != 0) {
    if (errno == ENOENT)
      return std::vector<token_entry>{};
    return store::cannot("read", file);
  }
  if ((facts.st_mode & (S_IWGRP | S_IWOTH)) != 0)
    return fail(file.string() + " may be written by others than its owner; run: chmod 600 "
                + file.string());
  const auto text = store::read_from(file, 0, file_bytes_max);
  if (!text)
    return tl::unexpected{text.error()};
  const auto parsed = parse_json(*text);
  const auto wrong = [&] {
    return fail(file.string()
                + R"( is not {"tokens": [{"name", "role", "sha256", "created"}]}; restore it, or )"
                  "remove it and make new tokens with: skein token create");
  };
  if (!parsed || !parsed->is_object() || !parsed->contains("tokens")
      || !(*parsed)["tokens"].is_array())
    return wrong();
  std::vector<token_entry> result;
  for (const auto& each : (*parsed)["tokens"]) {
    auto entry = entry_of(each);
    if (!entry)
      return wrong();
    result.push_back(*std::move(entry));
  }
  return result;
}

expected<new_token> create_token(const fs::path& file, const std::string& name, role may,
                                 migration::timestamp now) {
  if (!is_token_name(name))
    return fail("'" + name + "' cannot name a token; use letters, digits, -, _, . and @ only, at "
                + std::to_string(name_bytes_max) + " at most");
  const auto lock = store::file_lock::take(file);
  if (!lock)
    return tl::unexpected{lock.error()};
  auto tokens = read_tokens(file);
  if (!tokens)
    return tl::unexpected{tokens.error()};
  if (std::any_of(tokens->begin(), tokens->end(), [&](const auto& x) { return x.name == name; }))
    return fail("there is a token '" + name + "' already; revoke it first, or choose another name");
  new_token made{make_token(), {}};
  made.entry = {name, may, hash_of(made.text), rfc3339(now)};
  tokens->push_back(made.entry);
  if (auto written = write_tokens(file, *tokens); !written)
    return tl::unexpected{written.error()};
  return made;
}

expected<token_entry> revoke_token(const fs::path& file, const std::string& which) {
  const auto lock = store::file_lock::take(file);
  if (!lock)
    return tl::unexpected{lock.error()};
  auto tokens = read_tokens(file);
  if (!tokens)
    return tl::unexpected{tokens.error()};
  const auto found = std::find_if(tokens->begin(), tokens->end(), [&](const auto& x) {
    return x.name == which || x.id() == which;
  });
  if (found == tokens->end())
    return fail("there is no token '" + which + "'; skein token list shows those there are");
  auto gone = *found;
  tokens->erase(found);
  if (auto written = write_tokens(file, *tokens); !written)
    return tl::unexpected{written.error()};
  return gone;
}

std::string make_token() { return "skein_" + base64url(random_bytes(32)); }

std::string hash_of(std::string_view token) { return store::hex(store::sha256{}.of({token})); }

} // namespace skein::actors
