#include "tools/skein/context_file.hpp"

#include "store/durable_file.hpp"

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

namespace skein::console {

namespace {

namespace fs = std::filesystem;

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

/// A JSON text is a YAML one, whatever is in it.
std::string quoted(const std::string& text) { return nlohmann::json(text).dump(); }

std::string text_of(const config::contexts& from) {
  std::string text = "# Written by skein context. Tokens are named here, never kept.\n";
  if (!from.current.empty())
    text += "current: " + quoted(from.current) + "\n";
  text += "contexts:" + std::string{from.all.empty() ? " {}" : ""} + "\n";
  for (const auto& [name, x] : from.all) {
    text += "  " + quoted(name) + ":\n";
    for (const auto& [key, member] : config::context_fields)
      if (const auto& value = x.*member; !value.empty())
        text += "    " + std::string{key} + ": " + quoted(value) + "\n";
  }
  return text;
}

outcome<std::string> token_of(const config::context& from) {
  if (from.token_file.empty())
    return variable(from.token_env.empty() ? "SKEIN_TOKEN" : from.token_env.c_str());
  std::ifstream in{from.token_file};
  std::string token;
  if (!std::getline(in, token))
    return give_up(exit_code::usage, "cannot read a token from " + from.token_file
                                         + "; its first line must be what skein token create "
                                           "printed");
  return token;
}

outcome<void> use(const std::string& name, session& to) {
  const auto all = load_contexts();
  if (!all)
    return tl::unexpected{all.error()};
  const auto found = all->all.find(name);
  if (found == all->all.end())
    return give_up(exit_code::not_found, "there is no context '" + name + "' in "
                                             + context_file().string()
                                             + "; skein context list shows those there are");
  const auto& x = found->second;
  if (!x.workspace.empty()) {
    to.workspace = x.workspace;
    return {};
  }
  auto token = token_of(x);
  if (!token)
    return tl::unexpected{token.error()};
  auto url = x.url;
  while (url.ends_with('/'))
    url.pop_back();
  // Its bus knows users of its own; whose we are is in the environment (docs/bus.md).
  auto bus = cluster::identity_from_environment();
  if (bus.ca.empty() && x.nats.starts_with("tls://"))
    bus.ca = x.ca;
  to.remote = elsewhere{
      name, {0, url, x.nats, *std::move(token), x.ca, x.certificate, x.key, std::move(bus)}};
  return {};
}

} // namespace

fs::path context_file() {
  const auto config = variable("XDG_CONFIG_HOME");
  const auto folder = config.empty() ? fs::path{variable("HOME")} / ".config" : fs::path{config};
  return folder / "skein" / "contexts.yaml";
}

outcome<config::contexts> load_contexts() {
  auto read = config::read_contexts(context_file());
  if (!read)
    return give_up(exit_code::usage, config::joined(read.error()).what);
  return *std::move(read);
}

outcome<void> save_contexts(const config::contexts& what) {
  const auto file = context_file();
  std::error_code error;
  fs::create_directories(file.parent_path(), error);
  if (auto done = store::replace_durably(file, text_of(what), 0600); !done)
    return give_up(exit_code::refused, done.error().what);
  return {};
}

outcome<void> choose(const where_to_work& said, session& to) {
  to.workspace = said.folder.empty() ? "." : said.folder;
  if (!said.folder.empty())
    return {};
  for (const auto& name : {said.context, said.context_by_env})
    if (!name.empty())
      return use(name, to);
  if (!said.folder_by_env.empty()) {
    to.workspace = said.folder_by_env;
    return {};
  }
  const auto all = load_contexts();
  if (!all)
    return tl::unexpected{all.error()};
  return all->current.empty() ? outcome<void>{} : use(all->current, to);
}

} // namespace skein::console
