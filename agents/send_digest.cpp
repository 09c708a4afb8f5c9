#include "agents/send_digest.hpp"

#include "agents/agent_io.hpp"
#include "agents/mail.hpp"
#include "agents/mime.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace skein::agents {

using nlohmann::json;

namespace {

finished_mail finish(const mail& x, const digest& all, const digest_sender& by) {
  return {all.id, x.to,
          mime_message({by.from, x.to, subject_of(x), message_id(all.id, x.to, by.from),
                        by.unix_seconds, text_of(x, all.id), html_of(x, all.id)})};
}

void note_delivery(json& output, const mail& x, const char* medium, const std::string& where) {
  auto datasets = json::array();
  for (const auto& section : x.sections) {
    datasets.push_back(section.about->dataset);
    output["results"][section.about->migration]["told"].push_back(x.to);
  }
  output["mails"].push_back({{"to", x.to}, {medium, where}, {"datasets", std::move(datasets)}});
}

json empty_output(const digest& all) {
  json output{{"mails", json::array()}, {"results", json::object()}};
  for (const auto& x : all.notices)
    output["results"][x.migration] = {{"told", json::array()}};
  return output;
}

} // namespace

outcome<json> send_digest(const digest& all, const digest_sender& by) {
  if (!is_mail_address(by.from))
    return give_up(fmt::format("SKEIN_MAIL_FROM must be a mail address, not \"{}\".", by.from));
  const auto batch = compose(all);
  auto output = empty_output(all);
  for (std::size_t i = 0; i < batch.mails.size(); ++i) {
    const auto& x = batch.mails[i];
    const auto where = by.deliver(finish(x, all, by));
    if (!where && where.error().kind == trouble_kind::transient)
      return tl::unexpected{where.error()};
    if (where)
      note_delivery(output, x, by.medium, *where);
    else
      output["rejected"].push_back({{"to", x.to}, {"why", where.error().what}});
    progress(static_cast<double>(i + 1) / static_cast<double>(batch.mails.size()),
             fmt::format("{} of {} mails", i + 1, batch.mails.size()));
  }
  for (const auto& x : batch.unaddressed)
    output["unaddressed"].push_back({{"owner", x.owner}, {"address", x.address}});
  return output;
}

} // namespace skein::agents
