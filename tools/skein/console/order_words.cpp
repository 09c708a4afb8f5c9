#include "tools/skein/console/order_words.hpp"

#include "tools/skein/order_options.hpp"
#include "tools/skein/words.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <utility>

namespace skein::console::screen {

namespace {

/// Takes the first word off.
std::string next_word(std::string& text) {
  const auto end = std::min(text.find(' '), text.size());
  auto word = text.substr(0, end);
  text.erase(0, std::min(text.find_first_not_of(' ', end), text.size()));
  return word;
}

/// The id of a migration is the one word that has an `@`: no step's name has.
bool is_id(const std::string& text) {
  return text.substr(0, text.find(' ')).find('@') != std::string::npos;
}

const char* words_of(takes what) {
  switch (what) {
    case takes::nothing: return "";
    case takes::step: return " STEP";
    case takes::step_and_input: return " STEP {\"member\": …}";
    case takes::number: return " -100…100";
  }
  return "";
}

trouble wrong(const verb& what) {
  return {exit_code::usage, fmt::format("it is typed {}, for the migration that is chosen, or with "
                                        "its id in front, such as movies@v2",
                                        usage_of(what))};
}

outcome<order_details> read_details(const verb& what, std::string rest) {
  order_details details;
  if (what.more == takes::number) {
    int number = 0;
    const auto [end, fault] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
    if (fault != std::errc{} || end != rest.data() + rest.size())
      return tl::unexpected{wrong(what)};
    details.priority = number;
    return details;
  }
  if (what.more != takes::nothing)
    details.step = next_word(rest);
  if (what.more == takes::step_and_input)
    details.input = std::exchange(rest, {});
  const bool lacks = (what.more != takes::nothing && details.step.empty())
                     || (what.more == takes::step_and_input && details.input.empty());
  if (lacks || !rest.empty())
    return tl::unexpected{wrong(what)};
  return details;
}

} // namespace

std::string usage_of(const verb& what) {
  return std::string{":"} + what.order + words_of(what.more);
}

outcome<order_words> read_order_words(const verb& what, const std::string& typed,
                                      const std::string& chosen) {
  auto rest = typed;
  order_words result;
  if (what.of_one)
    result.id = is_id(rest) ? next_word(rest) : chosen;
  const auto details = read_details(what, rest);
  if (!details)
    return tl::unexpected{details.error()};
  if (what.of_one && result.id.empty())
    return give_up(exit_code::usage,
                   fmt::format("{0} which? Choose it first, or :{0} movies@v2", what.order));
  auto body = body_of({}, *details);
  if (!body)
    return tl::unexpected{body.error()};
  for (const auto* member : {"actor", "reason"})
    body->erase(member);
  result.details = std::move(*body);
  return result;
}

} // namespace skein::console::screen
