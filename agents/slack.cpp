#include "agents/slack.hpp"

#include "agents/decision.hpp"
#include "agents/digest_json.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace skein::agents {

namespace {

using nlohmann::json;

constexpr std::string_view cut_mark = "…";

/// The three characters that mean something in Slack's text.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char x : text)
    switch (x) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      default: out += x;
    }
  return out;
}

bool continues(char x) { return (static_cast<unsigned char>(x) & 0xc0) == 0x80; }

/// At most so many characters, which are counted as code points; an entity stays whole.
std::string cut(std::string text, std::size_t characters) {
  std::size_t count = 0;
  std::size_t end = 0; // of all but the last character that would fit
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (continues(text[i]))
      continue;
    if (++count == characters)
      end = i;
    if (count > characters) {
      const auto entity = text.rfind('&', end);
      if (entity != text.npos && text.find(';', entity) >= end && end - entity < 5)
        end = entity;
      return text.substr(0, end) + std::string{cut_mark};
    }
  }
  return text;
}

json markdown(std::string text) {
  return {{"type", "mrkdwn"}, {"text", cut(std::move(text), slack_text_max)}};
}

json section(std::string text) {
  return {{"type", "section"}, {"text", markdown(std::move(text))}};
}

json context(std::string text) {
  return {{"type", "context"}, {"elements", json::array({markdown(std::move(text))})}};
}

template <class Lines>
std::string bullets(const std::string& title, const Lines& lines) {
  auto out = "*" + escaped(title) + "*";
  for (const auto& line : lines)
    out += "\n• " + escaped(line);
  return out;
}

std::vector<json> completed_blocks(const letter_section& x) {
  const auto& about = *x.about;
  auto text = "*" + escaped(headline_of(about)) + "*";
  if (const auto data = data_of(about); !data.empty())
    text += "\nNew data: " + escaped(data);
  std::vector<json> blocks{section(std::move(text))};
  std::vector<std::string> lines;
  for (const auto* consumer : x.consumers)
    lines.push_back(line_of(*consumer));
  if (!lines.empty())
    blocks.push_back(section(bullets("Your consumers of it", lines)));
  lines.clear();
  for (const auto& change : about.changes)
    lines.push_back(line_of(change));
  if (!lines.empty())
    blocks.push_back(context(bullets("What changed", lines)));
  return blocks;
}

std::vector<json> waiting_blocks(const letter_section& x, const digest& of) {
  const auto it = decision_on(*x.about, of.http_url);
  auto text = "*" + escaped(headline_of(*x.about)) + "*\n" + escaped(it.question);
  if (!it.waited.empty())
    text += "\n_" + escaped(it.waited) + "_";
  std::vector<json> blocks{section(std::move(text))};
  for (const auto& [title, lines] : it.facts)
    blocks.push_back(context(bullets(title, lines)));
  std::string ways;
  for (const auto& [what, how] : it.ways)
    ways += fmt::format("{}{}: `{}`", ways.empty() ? "" : "\n", escaped(what), escaped(how));
  if (!it.link.empty())
    ways += "\n<" + escaped(it.link) + "|See it>";
  if (!ways.empty())
    blocks.push_back(section(std::move(ways)));
  return blocks;
}

/// Sections as long as they fit as a whole, and then how many do not.
json blocks_of(const letter& x, const digest& of) {
  auto blocks = json::array(
      {{{"type", "header"},
        {"text",
         {{"type", "plain_text"}, {"text", cut("Skein: " + headline_of(x), slack_header_max)}}}}});
  const auto footer = context("Skein, digest " + escaped(of.id));
  std::size_t told = 0;
  for (const auto& each : x.sections) {
    const auto more = each.about->kind == notice_kind::completed ? completed_blocks(each)
                                                                 : waiting_blocks(each, of);
    // A last one may say what is left out; the footer comes anyway.
    if (blocks.size() + more.size() + 2 > slack_blocks_max)
      break;
    for (const auto& block : more)
      blocks.push_back(block);
    ++told;
  }
  if (told < x.sections.size())
    blocks.push_back(context(fmt::format("… and {} more, which do not fit here: `skein list`",
                                         x.sections.size() - told)));
  blocks.push_back(footer);
  return blocks;
}

std::string text_of(const letter& x) {
  auto out = "Skein: " + headline_of(x);
  for (const auto& each : x.sections)
    out += "\n" + headline_of(*each.about);
  return cut(escaped(out), slack_message_max);
}

} // namespace

json slack_message(const letter& x, const digest& of) {
  return {{"text", text_of(x)},
          {"blocks", blocks_of(x, of)},
          {"metadata", {{"event_type", "skein_digest"}, {"event_payload", json_of(x, of)}}}};
}

} // namespace skein::agents
