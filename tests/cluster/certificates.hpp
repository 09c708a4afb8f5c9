#pragma once

#include <chrono>
#include <filesystem>
#include <string>

namespace skein::tests {

/// A key and a certificate that signs itself, as `<name>.key` and `<name>.pem`. `host` is whom it
/// is for, as OpenSSL writes it: `IP:127.0.0.1` or `DNS:example.org`. It begins and ends so long
/// from now.
void make_certificate(const std::filesystem::path& folder, const std::string& name,
                      const std::string& host = "IP:127.0.0.1",
                      std::chrono::hours begins = std::chrono::hours{-1},
                      std::chrono::hours ends = std::chrono::hours{1});

} // namespace skein::tests
