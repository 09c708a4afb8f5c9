#include "actors/worker_facts.hpp"

#include "cluster/this_process.hpp"
#include "config/log.hpp"

#include <array>
#include <unistd.h>

namespace skein::actors {

namespace {

std::string host_name() {
  std::array<char, 256> name{};
  if (gethostname(name.data(), name.size() - 1) != 0 || name[0] == '\0')
    return "localhost";
  return name.data();
}

void add_smtp(const config::smtp& smtp, variables& out) {
  out.emplace_back("SKEIN_SMTP_URL", smtp.url);
  out.emplace_back("SKEIN_SMTP_USER", smtp.user);
  // With a default: a worker without the password still runs the agents that send no mail.
  if (!smtp.password_env.empty())
    out.emplace_back("SKEIN_SMTP_PASSWORD", "${" + smtp.password_env + ":-}");
  out.emplace_back("SKEIN_SMTP_CA_FILE", smtp.ca_file);
  out.emplace_back("SKEIN_SMTP_STARTTLS", smtp.starttls ? "1" : "0");
}

/// A configured text that must come through as it stands.
std::string literal(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.compare(i, 2, "${") == 0)
      out += '$';
    out += text[i];
  }
  return out;
}

/// Agents run in folders of their own. What is not configured stays empty.
std::string absolute_text(const std::filesystem::path& path) {
  return path.empty() ? std::string{} : std::filesystem::absolute(path).string();
}

} // namespace

worker_facts facts_here(const config::workspace& space, std::string_view name) {
  return {host_name() + "/" + std::string{name}, cluster::this_program().parent_path(), space.root,
          space.state / "work" / name, cluster::this_environment()};
}

void clear_work(const worker_facts& facts) {
  std::error_code error;
  std::filesystem::remove_all(facts.work, error);
  if (error)
    log::warn("work-dir-left", "cannot remove {}: {}; remove it by hand", facts.work.string(),
              error.message());
}

variables default_environment(const config::workspace& space, const std::string& metadata_api,
                              const std::string& nats_url) {
  variables out{{"SKEIN_METADATA_API", metadata_api},
                {"METADATA_API", metadata_api},
                {"SKEIN_NATS_URL", nats_url},
                {"SKEIN_DATA_ROOT", absolute_text(space.data)},
                {"SKEIN_OUTBOX", absolute_text(space.notifications.outbox)},
                {"SKEIN_MAIL_FROM", space.notifications.from},
                {"SKEIN_HTTP_URL", space.http.url}};
  for (auto& [name, value] : out)
    value = literal(value);
  add_smtp(space.notifications.smtp, out);
  return out;
}

variables nats_environment(const config::nats& says, const cluster::bus_identity& own) {
  auto who = own;
  const auto& login = says.agents;
  if (!login.user.empty() || !login.credentials.empty()) {
    who.user = login.user;
    who.password.clear();
    who.credentials = login.credentials;
  }
  auto out = cluster::environment_of(who);
  for (auto& [name, value] : out)
    value = literal(value);
  if (!login.user.empty())
    out.emplace_back("SKEIN_NATS_PASSWORD", "${" + login.password_env + ":-}");
  return out;
}

} // namespace skein::actors
