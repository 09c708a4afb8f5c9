#include "agents/decision.hpp"
#include "agents/mail.hpp"

#include <fmt/format.h>

namespace skein::agents {

namespace {

template <class List>
std::string lines_of(const List& list) {
  std::string out;
  for (const auto& x : list)
    out += "    " + line_of(x) + "\n";
  return out;
}

std::string completed_text(const letter_section& section) {
  const auto& about = *section.about;
  std::string out;
  if (const auto data = data_of(about); !data.empty())
    out += fmt::format("  New data: {}; {} stays where it is.\n", data, about.current_version);
  if (section.owns_dataset)
    out += "  You own this dataset.\n";
  if (!section.consumers.empty())
    out += "  Your consumers of it:\n";
  for (const auto* x : section.consumers)
    out += "    " + line_of(*x) + "\n";
  out += about.changes.empty() ? "  No column has changed.\n" : "  What changed:\n";
  return out + lines_of(about.changes);
}

std::string waiting_text(const decision& it) {
  std::string out;
  if (!it.waited.empty())
    out += fmt::format("  {}\n", it.waited);
  out += fmt::format("  Why: {}\n", it.question);
  for (const auto& [title, lines] : it.facts) {
    out += fmt::format("  {}:\n", title);
    for (const auto& line : lines)
      out += fmt::format("    {}\n", line);
  }
  for (const auto& [what, how] : it.ways)
    out += fmt::format("  {}: {}\n", what, how);
  return it.link.empty() ? out : out + fmt::format("  See: {}\n", it.link);
}

} // namespace

std::string subject_of(const letter& x) { return "[Skein] " + headline_of(x); }

std::string text_of(const letter& x, const digest& of) {
  auto out = x.name.empty() ? std::string{"Hello,\n"} : fmt::format("Hello {},\n", x.name);
  for (const auto& section : x.sections) {
    out += fmt::format("\n{}\n", headline_of(*section.about));
    out += section.about->kind == notice_kind::completed
               ? completed_text(section)
               : waiting_text(decision_on(*section.about, of.http_url));
  }
  return out + fmt::format("\n-- \nSkein, digest {}. You get this {}.\n", of.id, why_told(x));
}

} // namespace skein::agents
