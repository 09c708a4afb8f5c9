#pragma once

#include "config/checked.hpp"

#include <array>
#include <filesystem>
#include <map>
#include <string>
#include <utility>

namespace skein::config {

/// A cluster that the console can be told to work on, by name: a daemon elsewhere, or a workspace
/// on this machine. A token is named, never kept.
struct context {
  std::string url;        ///< of the HTTP interface
  std::string token_file; ///< whose first line is the token
  std::string token_env;  ///< the environment variable that holds it
  std::string ca;         ///< PEM files
  std::string certificate;
  std::string key;
  std::string nats;      ///< URL, for skein watch
  std::string workspace; ///< a folder, and then nothing else

  bool operator==(const context&) const = default;
};

/// Every field of a context, by its name in the file.
inline constexpr std::array<std::pair<const char*, std::string context::*>, 8> context_fields{
    {{"url", &context::url},
     {"token_file", &context::token_file},
     {"token_env", &context::token_env},
     {"ca", &context::ca},
     {"certificate", &context::certificate},
     {"key", &context::key},
     {"nats", &context::nats},
     {"workspace", &context::workspace}}};

struct contexts {
  std::string current; ///< may be empty
  std::map<std::string, context> all;
};

/// Reads the console's contexts.yaml; a file that is not there has none:
///
///     current: films
///     contexts:
///       films: {url: "https://skein.internal:8443", token_file: /home/ann/.skein-token}
///       try: {workspace: /home/ann/try}
checked<contexts> read_contexts(const std::filesystem::path& file);

/// What is wrong with one of them alone, if anything is.
expected<void> check_context(const context&);

} // namespace skein::config
