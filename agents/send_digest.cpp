#include "agents/send_digest.hpp"

#include "agents/mail.hpp"
#include "agents/mime.hpp"
#include "agents/send_letters.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace skein::agents {

namespace {

finished_mail finish(const letter& x, const digest& all, const digest_sender& by) {
  return {all.id, x.to,
          mime_message({by.from, x.to, subject_of(x), message_id(all.id, x.to, by.from),
                        by.unix_seconds, text_of(x, all), html_of(x, all)})};
}

} // namespace

outcome<nlohmann::json> send_digest(const digest& all, const digest_sender& by) {
  if (!is_mail_address(by.from))
    return give_up(fmt::format("SKEIN_MAIL_FROM must be a mail address, not \"{}\".", by.from));
  return send_letters(all, letters_by_address(all), "mails", by.medium,
                      [&](const letter& x) { return by.deliver(finish(x, all, by)); });
}

} // namespace skein::agents
