#include "config/cron.hpp"

#include "config/spelling.hpp"

#include <array>
#include <charconv>
#include <sstream>
#include <vector>

namespace skein::config {

namespace {

struct field_rule {
  const char* name;
  unsigned least;
  unsigned most;
  std::vector<std::string> words; ///< the first stands for `least`
};

const std::array<field_rule, 5>& fields() {
  static const std::array<field_rule, 5> table{
      {{"minute", 0, 59, {}},
       {"hour", 0, 23, {}},
       {"day of the month", 1, 31, {}},
       {"month",
        1,
        12,
        {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}},
       {"day of the week", 0, 7, {"sun", "mon", "tue", "wed", "thu", "fri", "sat"}}}};
  return table;
}

constexpr std::pair<std::string_view, std::string_view> macros[]
    = {{"@hourly", "0 * * * *"},  {"@daily", "0 0 * * *"},   {"@midnight", "0 0 * * *"},
       {"@weekly", "0 0 * * 0"},  {"@monthly", "0 0 1 * *"}, {"@yearly", "0 0 1 1 *"},
       {"@annually", "0 0 1 1 *"}};

std::optional<unsigned> number_in(std::string_view text) {
  unsigned value = 0;
  auto [stop, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc{} || stop != text.data() + text.size())
    return {};
  return value;
}

/// One field, as a set of numbers; `fault` is a sentence when it is not one.
class field_parser {
public:
  field_parser(const field_rule& rule, std::string_view text) : rule_{rule}, text_{text} {}

  std::bitset<64> run(std::string& fault) {
    for (auto rest = text_;;) {
      auto comma = rest.find(',');
      part(rest.substr(0, comma));
      if (comma == std::string_view::npos)
        break;
      rest.remove_prefix(comma + 1);
    }
    fault = fault_;
    return set_;
  }

private:
  void refuse(const std::string& why) {
    if (fault_.empty())
      fault_ = std::string{"the "} + rule_.name + " " + quote(text_) + " " + why;
  }

  std::optional<unsigned> value(std::string_view word) {
    for (std::size_t i = 0; i < rule_.words.size(); ++i)
      if (lower(word) == rule_.words[i])
        return rule_.least + static_cast<unsigned>(i);
    auto number = number_in(word);
    if (number && *number >= rule_.least && *number <= rule_.most)
      return number;
    if (word.find_first_of("?#LWlw") != std::string_view::npos && !number)
      refuse("uses L, W, # or ?, which are not part of cron");
    refuse("must be made of numbers from " + std::to_string(rule_.least) + " to "
           + std::to_string(rule_.most) + (rule_.words.empty() ? "" : " or three-letter names"));
    return {};
  }

  void part(std::string_view text) {
    unsigned step = 1;
    auto slash = text.find('/');
    if (slash != std::string_view::npos) {
      auto number = number_in(text.substr(slash + 1));
      if (!number || *number == 0 || *number > rule_.most)
        return refuse("needs a step from 1 to " + std::to_string(rule_.most) + " after the /");
      step = *number;
    }
    range(text.substr(0, slash), step, slash != std::string_view::npos);
  }

  void range(std::string_view text, unsigned step, bool stepped) {
    if (text == "*")
      return fill(rule_.least, rule_.most, step);
    auto dash = text.find('-');
    auto first = value(text.substr(0, dash));
    if (!first)
      return;
    if (dash == std::string_view::npos)
      return fill(*first, stepped ? rule_.most : *first, step);
    auto last = value(text.substr(dash + 1));
    // `sat-sun` is meant to end with Sunday, which then is 7.
    if (last && *last == 0 && lower(text.substr(dash + 1)) == "sun")
      last = 7;
    if (last && *last < *first)
      return refuse("has a range that ends before it begins");
    if (last)
      fill(*first, *last, step);
  }

  void fill(unsigned first, unsigned last, unsigned step) {
    // 7 is Sunday again: `*` and `5/2` must not meet it twice.
    bool week = rule_.most == 7;
    for (auto i = first; i <= last && !(week && i == 7 && first == 0 && step > 1); i += step)
      set_.set(week ? i % 7 : i);
  }

  const field_rule& rule_;
  std::string_view text_;
  std::bitset<64> set_;
  std::string fault_;
};

/// Feb 29 falls on each weekday within 28 years, so that is all days there are.
bool runs_ever(const cron& x) {
  using namespace std::chrono;
  for (auto day = sys_days{year{2000} / 1 / 1}; day < sys_days{year{2028} / 1 / 1};
       day += days{1}) {
    year_month_day date{day};
    if (x.runs_on(unsigned{date.month()}, unsigned{date.day()}, weekday{day}.c_encoding()))
      return true;
  }
  return false;
}

template <std::size_t N>
void assign(std::bitset<N>& to, const std::bitset<64>& from) {
  for (std::size_t i = 0; i < N; ++i)
    to[i] = from[i];
}

expected<std::vector<std::string>> words_of(std::string_view text) {
  std::string line{trimmed(text)};
  if (line.starts_with("@")) {
    std::vector<std::string> known;
    for (const auto& [name, meaning] : macros) {
      if (lower(line) == name)
        return words_of(meaning);
      known.emplace_back(name);
    }
    return fail("the schedule " + quote(text) + " is not known" + suggestion(line, known));
  }
  std::istringstream in{line};
  std::vector<std::string> words;
  for (std::string word; in >> word && words.size() < 8;)
    words.push_back(std::move(word));
  if (words.size() != 5)
    return fail("the schedule " + quote(text)
                + " must have five fields: minute, hour, day of the month, month, day of the week");
  return words;
}

} // namespace

bool cron::runs_on(unsigned month, unsigned day, unsigned weekday) const {
  if (!months[month])
    return false;
  bool either = !any_day && !any_weekday;
  return either ? days[day] || weekdays[weekday] : days[day] && weekdays[weekday];
}

expected<cron> parse_cron(std::string_view text) {
  auto words = words_of(text);
  if (!words)
    return tl::unexpected{words.error()};
  std::array<std::bitset<64>, 5> sets;
  for (std::size_t i = 0; i < sets.size(); ++i) {
    std::string fault;
    sets[i] = field_parser{fields()[i], (*words)[i]}.run(fault);
    if (!fault.empty())
      return fail("the schedule " + quote(text) + " cannot be read: " + fault);
  }
  cron result;
  assign(result.minutes, sets[0]);
  assign(result.hours, sets[1]);
  assign(result.days, sets[2]);
  assign(result.months, sets[3]);
  assign(result.weekdays, sets[4]);
  result.any_day = (*words)[2].starts_with("*");
  result.any_weekday = (*words)[4].starts_with("*");
  result.text = std::string{trimmed(text)};
  if (!runs_ever(result))
    return fail("the schedule " + quote(text)
                + " never comes: no month has such a day; correct the day or the month");
  return result;
}

} // namespace skein::config
