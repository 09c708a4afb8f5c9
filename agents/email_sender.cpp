#include "agents/agent_io.hpp"
#include "agents/arguments.hpp"
#include "agents/files.hpp"
#include "agents/send_digest.hpp"
#include "cluster/smtp_client.hpp"

#include <CLI/CLI.hpp>
#include <ctime>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

/// email-sender: tells owners what a digest of migrations means for them, over SMTP or into a
/// folder of .eml files.
namespace {

using namespace skein::agents;
namespace fs = std::filesystem;

/// The same digest and recipient give the same file.
deliver_mail into(const fs::path& outbox) {
  return [outbox](const finished_mail& mail) -> outcome<std::string> {
    std::error_code error;
    fs::create_directories(outbox, error);
    if (error)
      return try_later(
          fmt::format("The outbox {} cannot be made: {}.", outbox.string(), error.message()));
    const auto file
        = outbox / fmt::format("{}-{}.eml", file_name_for(mail.digest), file_name_for(mail.to));
    // Nobody's fault but the disk's, so another try makes sense whatever went wrong.
    if (auto written = replace_file(file, mail.message); !written)
      return try_later(written.error().what);
    return file.string();
  };
}

deliver_mail over(skein::cluster::smtp_client& server, const std::string& url,
                  const std::string& from) {
  return [&server, url, from](const finished_mail& mail) -> outcome<std::string> {
    auto sent = server.send(from, {mail.to}, mail.message);
    if (sent)
      return url;
    return sent.error().fault == skein::cluster::smtp_fault::transient
               ? try_later(sent.error().what)
               : give_up(sent.error().what);
  };
}

outcome<nlohmann::json> send_by_smtp(const digest& all, digest_sender by, const std::string& url) {
  skein::cluster::smtp_options options;
  options.url = url;
  options.user = env("SKEIN_SMTP_USER");
  options.password = env("SKEIN_SMTP_PASSWORD");
  options.ca_file = env("SKEIN_SMTP_CA_FILE");
  options.require_starttls = env_or("SKEIN_SMTP_STARTTLS", "1") != "0";
  skein::cluster::smtp_client server{std::move(options)};
  by.medium = "smtp";
  by.deliver = over(server, url, by.from);
  return send_digest(all, by);
}

outcome<nlohmann::json> sender() {
  auto all = read_digest();
  if (!all)
    return hand_on(all);
  digest_sender by{env_or("SKEIN_MAIL_FROM", "skein@localhost"), "file", std::time(nullptr), {}};
  if (const auto url = env("SKEIN_SMTP_URL"); !url.empty())
    return send_by_smtp(*all, by, url);
  const auto outbox = env("SKEIN_OUTBOX");
  if (outbox.empty())
    return give_up("There is nowhere to send mail to: set SKEIN_SMTP_URL or SKEIN_OUTBOX.");
  by.deliver = into(outbox);
  return send_digest(*all, by);
}

} // namespace

int main(int argc, char** argv) {
  CLI::App app{"Mails owners what migrations mean for them. Reads a digest as JSON from stdin."};
  if (auto done = parse_arguments(app, argc, argv))
    return *done;
  return run(sender);
}
