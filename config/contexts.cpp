#include "config/contexts.hpp"

#include "config/files.hpp"
#include "config/yaml_reader.hpp"

namespace skein::config {

namespace {

context read_one(const yaml::node& from, yaml::report& out, const std::string& name) {
  const yaml::map_reader x{
      from,
      out,
      "the context " + name,
      {"url", "token_file", "token_env", "ca", "certificate", "key", "nats", "workspace"}};
  context result{x.text("url"),  x.text("token_file"),  x.text("token_env"),
                 x.text("ca"),   x.text("certificate"), x.text("key"),
                 x.text("nats"), x.text("workspace")};
  if (const auto ok = check_context(result); x.is_map() && !ok)
    out.add(from.at, "the context " + name + ": " + ok.error().what);
  return result;
}

contexts read(const yaml::node& from, yaml::report& out) {
  const yaml::map_reader top{from, out, "the file of contexts", {"current", "contexts"}};
  contexts result;
  result.current = top.text("current");
  if (const auto* all = top.map("contexts"))
    for (const auto& each : all->fields)
      result.all[each.key] = read_one(each.value, out, each.key);
  if (!result.current.empty() && !result.all.contains(result.current))
    out.add(top.at("current"), "there is no context " + result.current
                                   + "; choose another with: skein context use NAME");
  return result;
}

} // namespace

expected<void> check_context(const context& x) {
  if (x.workspace.empty() && x.url.empty())
    return fail("it needs the url of a daemon's HTTP interface, or a workspace folder");
  if (!x.workspace.empty() && context{.workspace = x.workspace} != x)
    return fail("a workspace on this machine needs nothing else: its daemon says where it listens");
  if (!x.url.empty() && !x.url.starts_with("http://") && !x.url.starts_with("https://"))
    return fail("'" + x.url
                + "' is no URL of an HTTP interface, such as https://skein.internal:8443");
  if (!x.token_file.empty() && !x.token_env.empty())
    return fail("it has a token file and a variable for the token; leave out one of them");
  if (x.certificate.empty() != x.key.empty())
    return fail("a client's certificate needs its key, and a key its certificate");
  return {};
}

checked<contexts> read_contexts(const std::filesystem::path& file) {
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored))
    return contexts{};
  const auto text = read_text(file);
  if (!text)
    return tl::unexpected{std::vector{text.error()}};
  yaml::report out{file.string()};
  const auto documents = yaml::parse(*text, out);
  if (documents.size() > 1)
    out.add(documents[1].at, "the file of contexts has one document");
  auto result = documents.empty() ? contexts{} : read(documents[0], out);
  if (!out.clean())
    return tl::unexpected{out.take()};
  return result;
}

} // namespace skein::config
