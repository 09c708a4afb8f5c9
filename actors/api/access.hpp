#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Who calls the HTTP API, and what that allows.
namespace skein::actors {

/// What a token is good for (docs/api.md has the table).
enum class role : uint8_t {
  viewer = 1,    ///< reads everything
  operator_ = 2, ///< a viewer who also gives orders
  agent = 4, ///< what the programs that do the work need: the catalog, and writing back versions
  admin = 8, ///< everything
};

std::string_view to_string(role);
std::optional<role> role_of(std::string_view name);

/// A set of roles.
using roles = uint8_t;
constexpr roles of(role x) { return static_cast<roles>(x); }
constexpr roles operator|(role a, role b) { return static_cast<roles>(of(a) | of(b)); }
constexpr roles operator|(roles a, role b) { return static_cast<roles>(a | of(b)); }

/// One attempt of a migration's step. As text `<migration>:<epoch>`, since an epoch never comes
/// twice in a migration's life.
struct attempt_id {
  std::string migration;
  uint64_t epoch = 0;

  std::string text() const { return migration + ":" + std::to_string(epoch); }
  bool operator==(const attempt_id&) const = default;
};

std::optional<attempt_id> parse_attempt_id(std::string_view text);

struct caller {
  std::string name; ///< the token's; empty: nobody said, as on open loopback
  role may = role::admin;
  std::optional<attempt_id> attempt = {}; ///< set: the token of that attempt, and of no other
};

} // namespace skein::actors
