#include "agents/decision.hpp"
#include "agents/mail.hpp"

#include <fmt/format.h>

namespace skein::agents {

namespace {

std::string escaped(const std::string& text) {
  std::string out;
  for (const char x : text)
    switch (x) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += x;
    }
  return out;
}

std::string row(std::initializer_list<std::string> cells, const char* tag = "td") {
  std::string out = "<tr>";
  for (const auto& cell : cells)
    out += fmt::format("<{0} align=\"left\" valign=\"top\">{1}</{0}>", tag, escaped(cell));
  return out + "</tr>\n";
}

constexpr const char* table_start = "<table border=\"1\" cellspacing=\"0\" cellpadding=\"4\">\n";

std::string consumers_table(const std::vector<const told_consumer*>& consumers) {
  if (consumers.empty())
    return {};
  auto out = table_start + row({"Your consumer", "Type", "Verdict", "Why"}, "th");
  for (const auto* x : consumers)
    out += row({x->name, x->type, x->verdict, fmt::format("{}", fmt::join(x->reasons, "; "))});
  return out + "</table>\n";
}

std::string changes_table(const std::vector<told_change>& changes) {
  if (changes.empty())
    return "<p>No column has changed.</p>\n";
  auto out = table_start + row({"Column", "Change", "New name", "Detail"}, "th");
  for (const auto& x : changes)
    out += row({x.column, x.change, x.to, x.detail});
  return out + "</table>\n";
}

std::string completed_html(const letter_section& section) {
  const auto& about = *section.about;
  std::string out;
  if (const auto data = data_of(about); !data.empty())
    out += fmt::format("<p>New data: {}; {} stays where it is.</p>\n", escaped(data),
                       escaped(about.current_version));
  if (section.owns_dataset)
    out += "<p>You own this dataset.</p>\n";
  return out + consumers_table(section.consumers) + "<p>What changed:</p>\n"
         + changes_table(about.changes);
}

std::string list_of(const evidence& facts) {
  auto out = fmt::format("<p>{}:</p>\n<ul>\n", escaped(facts.title));
  for (const auto& line : facts.lines)
    out += fmt::format("<li>{}</li>\n", escaped(line));
  return out + "</ul>\n";
}

std::string waiting_html(const decision& it) {
  std::string out;
  if (!it.waited.empty())
    out += fmt::format("<p><b>{}</b></p>\n", escaped(it.waited));
  out += fmt::format("<p>Why: {}</p>\n", escaped(it.question));
  for (const auto& facts : it.facts)
    out += list_of(facts);
  for (const auto& [what, how] : it.ways)
    out += fmt::format("<p>{}: <code>{}</code></p>\n", escaped(what), escaped(how));
  if (!it.link.empty())
    out += fmt::format("<p>See: <a href=\"{0}\">{0}</a></p>\n", escaped(it.link));
  return out;
}

} // namespace

std::string html_of(const letter& x, const digest& of) {
  auto out = fmt::format("<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>{}</title>"
                         "</head><body>\n<p>Hello{}{},</p>\n",
                         escaped(subject_of(x)), x.name.empty() ? "" : " ", escaped(x.name));
  for (const auto& section : x.sections) {
    out += fmt::format("<h3>{}</h3>\n", escaped(headline_of(*section.about)));
    out += section.about->kind == notice_kind::completed
               ? completed_html(section)
               : waiting_html(decision_on(*section.about, of.http_url));
  }
  return out
         + fmt::format("<hr><p>Skein, digest {}. You get this {}.</p>\n</body></html>\n",
                       escaped(of.id), why_told(x));
}

} // namespace skein::agents
