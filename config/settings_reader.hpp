#pragma once

#include "config/spelling.hpp"
#include "config/yaml_reader.hpp"

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <string>

/// What the sections of `skein.yaml` have in common. Internal to config/.
namespace skein::config {

/// Reads the settings under one key; `read` is not called when there are none.
template <class Read>
void section(const yaml::map_reader& in, const char* key, std::initializer_list<const char*> known,
             Read read) {
  if (const auto* from = in.map(key))
    read(yaml::map_reader{*from, in.out(), quote(key), known});
}

/// What is under "url", with one of those schemes.
std::string url_in(const yaml::map_reader& in, std::initializer_list<const char*> schemes);

std::filesystem::path below(const std::filesystem::path& root, const std::string& path);

/// Empty, if there is none.
std::filesystem::path file_in(const yaml::map_reader& in, const char* key,
                              const std::filesystem::path& root);

/// `host:port` under "listen", with an IPv6 address in brackets.
void read_listen(const yaml::map_reader& in, const std::string& fallback, std::string& address,
                 uint16_t& port);

/// A "user" and the environment variable of the password: both or none.
void read_login(const yaml::map_reader& in, std::string& user, std::string& password_env);

} // namespace skein::config
