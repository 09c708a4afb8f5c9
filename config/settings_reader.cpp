#include "config/settings_reader.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

namespace skein::config {

namespace fs = std::filesystem;
using yaml::map_reader;

namespace {

bool split_address(std::string_view text, std::string& address, uint16_t& port) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos)
    return false;
  auto host = text.substr(0, colon);
  if (host.starts_with("[") && host.ends_with("]"))
    host = host.substr(1, host.size() - 2);
  else if (host.find(':') != std::string_view::npos)
    return false;
  const auto* end = text.data() + text.size();
  const auto [stop, fault] = std::from_chars(text.data() + colon + 1, end, port);
  address = std::string{host};
  return !host.empty() && fault == std::errc{} && stop == end;
}

} // namespace

std::string url_in(const map_reader& in, std::initializer_list<const char*> schemes) {
  auto url = in.required_text("url");
  auto fits = [&](std::string_view x) { return url.starts_with(x) && url.size() > x.size(); };
  bool clean = url.find_first_of(" \t\r\n") == std::string::npos;
  if (url.empty() || (clean && std::any_of(schemes.begin(), schemes.end(), fits)))
    return url;
  std::vector<std::string> forms;
  for (const char* x : schemes)
    forms.push_back(std::string{x} + "host:port");
  in.mistake("url", "the URL " + quote(url) + " must be of the form " + listed(forms));
  return {};
}

fs::path below(const fs::path& root, const std::string& path) {
  return (root / path).lexically_normal();
}

fs::path file_in(const map_reader& in, const char* key, const fs::path& root) {
  const auto path = in.text(key);
  return path.empty() ? fs::path{} : below(root, path);
}

void read_listen(const map_reader& in, const std::string& fallback, std::string& address,
                 uint16_t& port) {
  const auto listen = in.text("listen", fallback);
  if (!split_address(listen, address, port))
    in.mistake("listen", quote(listen)
                             + " is no address to listen on; write address:port, such "
                               "as 127.0.0.1:8080, with port 0 for a free one");
}

void read_login(const map_reader& in, std::string& user, std::string& password_env) {
  user = in.text("user");
  password_env = in.text("password_env");
  if (!password_env.empty() && !is_variable_name(password_env))
    in.mistake("password_env", quote(password_env)
                                   + " cannot name an environment variable; the password "
                                     "itself must not stand in this file");
  if (user.empty() != password_env.empty())
    in.mistake("user", "\"user\" and \"password_env\" go together; give both or none");
}

} // namespace skein::config
