#include "agents/mail.hpp"

#include <fmt/format.h>

namespace skein::agents {

namespace {

std::string change_line(const told_change& x) {
  const auto names = x.to.empty() ? x.column : fmt::format("{} -> {}", x.column, x.to);
  return fmt::format("    {}: {}{}\n", names, x.change,
                     x.detail.empty() ? "" : fmt::format(", {}", x.detail));
}

std::string consumer_line(const told_consumer& x) {
  auto line
      = fmt::format("    {}{}: {}", x.name, x.type.empty() ? "" : fmt::format(" ({})", x.type),
                    x.verdict == "breaks" ? "BREAKS" : x.verdict);
  if (!x.reasons.empty())
    line += fmt::format(" ({})", fmt::join(x.reasons, "; "));
  return line + "\n";
}

std::string completed_text(const mail_section& section) {
  const auto& about = *section.about;
  std::string out;
  if (const auto data = data_of(about); !data.empty())
    out += fmt::format("  New data: {}; {} stays where it is.\n", data, about.current_version);
  if (section.owns_dataset)
    out += "  You own this dataset.\n";
  if (!section.consumers.empty())
    out += "  Your consumers of it:\n";
  for (const auto* x : section.consumers)
    out += consumer_line(*x);
  out += about.changes.empty() ? "  No column has changed.\n" : "  What changed:\n";
  for (const auto& x : about.changes)
    out += change_line(x);
  return out;
}

std::string waiting_text(const notice& about) {
  return fmt::format("  Why: {}\n  To go on: {}\n",
                     about.reason.empty() ? "no reason was given" : about.reason,
                     command_for(about));
}

} // namespace

std::string text_of(const mail& x, const std::string& digest_id) {
  auto out = x.name.empty() ? std::string{"Hello,\n"} : fmt::format("Hello {},\n", x.name);
  for (const auto& section : x.sections) {
    out += fmt::format("\n{}\n", headline_of(*section.about));
    out += section.about->kind == notice_kind::completed ? completed_text(section)
                                                         : waiting_text(*section.about);
  }
  return out
         + fmt::format("\n-- \nSkein, digest {}. You get this because you own what is named "
                       "here.\n",
                       digest_id);
}

} // namespace skein::agents
