#pragma once

#include "actors/api/access.hpp"
#include "events/failure.hpp"
#include "events/migration.hpp"

#include <filesystem>
#include <string>
#include <vector>

/// The bearer tokens of the HTTP API.
///
/// A token is `skein_` and 256 random bits. The file keeps SHA-256 of it: with so many random bits
/// there is nothing to guess from the hash, so that the slow salted hashes which passwords need
/// would only slow down each request. Whoever reads the file cannot call the API with it.
namespace skein::actors {

struct token_entry {
  std::string name; ///< whose it is: stands beside the actor of each order
  role may = role::viewer;
  std::string sha256;  ///< hexadecimal
  std::string created; ///< RFC 3339

  /// To name it by in lists and when revoking.
  std::string id() const { return sha256.substr(0, 12); }
};

struct new_token {
  std::string text; ///< shown once, kept nowhere
  token_entry entry;
};

/// Where a workspace's tokens are unless it says otherwise.
std::filesystem::path default_token_file(const std::filesystem::path& state);

/// A file that is not there has no tokens. One that others than its owner may write is refused.
expected<std::vector<token_entry>> read_tokens(const std::filesystem::path&);

/// Adds a token to the file, which is made if need be (mode 0600). Fails for a name that is taken.
/// Safe beside others that write the file.
expected<new_token> create_token(const std::filesystem::path&, const std::string& name, role,
                                 migration::timestamp now);

/// Takes a token out, by its name or id. The file stays, and tokens stay asked for.
expected<token_entry> revoke_token(const std::filesystem::path&, const std::string& which);

/// `skein_…`, from the kernel's random source.
std::string make_token();

/// SHA-256 in hexadecimal digits.
std::string hash_of(std::string_view token);

} // namespace skein::actors
