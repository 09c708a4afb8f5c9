#include "actors/failure_group.hpp"

#include "actors/list_row.hpp"
#include "store/encodings.hpp"
#include "store/sha256.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace skein::actors {

namespace {

constexpr std::size_t reason_most = 300;
constexpr std::size_t quoted_most = 200;

bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }
bool is_hex(char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; }
bool is_space(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }
/// Also every byte of a letter beyond ASCII.
bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || (c & 0x80) != 0;
}

std::size_t count_while(std::string_view text, bool (*is)(char)) {
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is) - text.begin());
}

/// Whether a text begins with a shape: `0` is a digit, `x` a hexadecimal one, all else itself.
bool has_shape(std::string_view text, std::string_view shape) {
  return text.size() >= shape.size()
         && std::equal(shape.begin(), shape.end(), text.begin(), [](char wanted, char c) {
              return wanted == '0' ? is_digit(c) : wanted == 'x' ? is_hex(c) : wanted == c;
            });
}

// Each of these says how many bytes at the start of a text are of its kind; 0: it does not begin
// so. `before` is what stands in front of it, a blank at the very start.

std::size_t uuid(std::string_view text, char before) {
  constexpr std::string_view shape = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  return !is_word(before) && has_shape(text, shape) ? shape.size() : 0;
}

std::size_t clock_time(std::string_view text) {
  if (!has_shape(text, "00:00"))
    return 0;
  std::size_t end = 5;
  if (has_shape(text.substr(end), ":00"))
    end += 3;
  if (end < text.size() && (text[end] == '.' || text[end] == ',')) {
    const auto digits = count_while(text.substr(end + 1), is_digit);
    end += digits > 0 ? digits + 1 : 0;
  }
  return end;
}

std::size_t offset(std::string_view text) {
  if (text.starts_with('Z'))
    return 1;
  if (!text.starts_with('+') && !text.starts_with('-'))
    return 0;
  return has_shape(text.substr(1), "00:00") ? 6 : has_shape(text.substr(1), "0000") ? 5 : 0;
}

std::size_t time(std::string_view text, char before) {
  if (is_word(before))
    return 0;
  if (!has_shape(text, "0000-00-00")) {
    const auto end = clock_time(text);
    return end >= 8 ? end + offset(text.substr(end)) : 0;
  }
  constexpr std::size_t date = 10;
  if (text.size() == date || (text[date] != 'T' && text[date] != ' '))
    return date;
  const auto end = clock_time(text.substr(date + 1));
  return end == 0 ? date : date + 1 + end + offset(text.substr(date + 1 + end));
}

/// Up to a blank or a quotation mark, without the full stop or colon of the sentence around it.
std::size_t name_length(std::string_view text) {
  auto end = text.find_first_of(" \t\r\n\"'`,;()<>|");
  end = std::min(end, text.size());
  while (end > 0 && (text[end - 1] == '.' || text[end - 1] == ':'))
    --end;
  return end;
}

std::size_t url(std::string_view text, char before) {
  if (is_word(before))
    return 0;
  const auto scheme = count_while(text, is_word);
  return scheme > 1 && text.substr(scheme).starts_with("://") ? name_length(text) : 0;
}

std::size_t path(std::string_view text, char before) {
  if (is_word(before) || before == '.' || before == '/' || before == '>')
    return 0;
  const auto root = text.starts_with("./") || text.starts_with("~/") ? 1
                    : text.starts_with("../")                        ? 2
                                                                     : 0;
  if (!text.substr(root).starts_with('/'))
    return 0;
  const auto end = name_length(text);
  return end > static_cast<std::size_t>(root) + 1 ? end : 0;
}

/// `movies@v2`, and an address of mail.
std::size_t named_id(std::string_view text, char before) {
  if (is_word(before) || before == '@')
    return 0;
  const auto end = name_length(text);
  const auto at = text.substr(0, end).find('@');
  return at != text.npos && at > 0 && at + 1 < end && is_word(text[at + 1]) ? end : 0;
}

std::size_t hexadecimal(std::string_view text, char before) {
  if (is_word(before))
    return 0;
  const bool is_marked = text.starts_with("0x") || text.starts_with("0X");
  const auto digits = text.substr(is_marked ? 2 : 0);
  const auto count = count_while(digits, is_hex);
  if (count < digits.size() && is_word(digits[count]))
    return 0;
  if (is_marked)
    return count > 0 ? count + 2 : 0;
  const auto part = digits.substr(0, count);
  return count >= 8 && std::any_of(part.begin(), part.end(), is_digit) ? count : 0;
}

/// Also `1,234.5`, `10.0.0.1` and the digits within `part-00042.csv`.
std::size_t number(std::string_view text, char) {
  auto end = count_while(text, is_digit);
  if (end == 0)
    return 0;
  while (end + 1 < text.size() && (text[end] == '.' || text[end] == ',') && is_digit(text[end + 1]))
    end += 1 + count_while(text.substr(end + 1), is_digit);
  return end;
}

std::size_t quoted(std::string_view text, char before) {
  const char mark = text[0];
  if ((mark != '\'' && mark != '"' && mark != '`') || is_word(before))
    return 0;
  for (std::size_t i = 1; i < std::min(text.size(), quoted_most) && text[i] != '\n'; ++i)
    if (text[i] == mark && (i + 1 == text.size() || !is_word(text[i + 1])))
      return i + 1;
  return 0;
}

struct kind {
  std::size_t (*length)(std::string_view text, char before);
  std::string_view stands_for_it;
};

/// The first that fits counts.
constexpr std::array kinds{
    kind{quoted, "<text>"},     kind{url, "<url>"},   kind{path, "<path>"},
    kind{uuid, "<uuid>"},       kind{time, "<time>"}, kind{named_id, "<id>"},
    kind{hexadecimal, "<hex>"}, kind{number, "<n>"},
};

std::size_t dataset_name(std::string_view text, char before, std::string_view dataset) {
  const auto end = dataset.size();
  if (end == 0 || is_word(before) || !text.starts_with(dataset))
    return 0;
  return end < text.size() && (is_word(text[end]) || text[end] == '@') ? 0 : end;
}

void cut(std::string& text) {
  if (text.size() <= reason_most)
    return;
  auto end = reason_most;
  while (end > 0 && (text[end] & 0xc0) == 0x80) // within a letter of several bytes
    --end;
  text.resize(end);
}

} // namespace

std::string normalised_reason(std::string_view reason, std::string_view dataset) {
  std::string result;
  const auto put_instead = [&](std::string_view what) { result += what; };
  char before = ' ';
  while (!reason.empty() && result.size() <= reason_most) {
    std::size_t taken = 0;
    if ((taken = dataset_name(reason, before, dataset)) > 0)
      put_instead("<dataset>");
    for (auto each = kinds.begin(); taken == 0 && each != kinds.end(); ++each)
      if ((taken = each->length(reason, before)) > 0)
        put_instead(each->stands_for_it);
    if (taken == 0 && is_space(reason[0])) {
      taken = count_while(reason, is_space);
      if (!result.empty() && taken < reason.size())
        result += ' ';
    } else if (taken == 0) {
      taken = 1;
      result += reason[0];
    }
    before = reason[taken - 1];
    reason.remove_prefix(taken);
  }
  cut(result);
  return result;
}

std::string failure_group_of(const std::string& id, const view_row& row) {
  if (!is_failed(phase_name(row)))
    return {};
  const auto at = current_step(row.state);
  const auto step = at ? std::string_view{row.state.flow.steps[*at].name} : std::string_view{};
  const auto& why = row.unreadable.empty() ? row.state.why : row.unreadable;
  constexpr std::string_view end{"\0", 1};
  thread_local store::sha256 hash;
  const auto digest
      = hash.of({phase_name(row), end, step, end, normalised_reason(why, dataset_of(id))});
  return store::hex(store::bytes_of(digest).substr(0, 6));
}

} // namespace skein::actors
