#include "tools/skein/console/failures.hpp"

#include "tools/skein/words.hpp"

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

namespace skein::console::screen {

namespace {

constexpr std::string_view differs = "…";

bool is_word(char x) { return std::isalnum(static_cast<unsigned char>(x)) != 0 || x == '_'; }

bool is_digit(char x) { return x >= '0' && x <= '9'; }

/// The text with every occurrence of the part replaced.
std::string without(std::string text, const std::string& part) {
  for (auto at = text.find(part); !part.empty() && at != text.npos;
       at = text.find(part, at + differs.size()))
    text.replace(at, part.size(), differs);
  return text;
}

/// Where the piece ends that begins at `at` and differs from one to the next; `at` if none does.
std::size_t end_of_varying(const std::string& text, std::size_t at) {
  const char first = text[at];
  if (first == '"' || first == '`') {
    const auto close = text.find(first, at + 1);
    return close == text.npos ? at : close + 1;
  }
  if (!is_digit(first) || (at > 0 && is_word(text[at - 1])))
    return at;
  auto end = at;
  while (end < text.size() && (is_word(text[end]) || text[end] == '.' || text[end] == ','))
    ++end;
  while (end > at && !is_word(text[end - 1])) // a full stop belongs to the sentence
    --end;
  return end;
}

} // namespace

std::string normalised_reason(const std::string& why, const std::string& dataset) {
  const auto text = without(why, dataset);
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = end_of_varying(text, at);
    if (end == at)
      result += text[at++];
    else {
      result += differs;
      at = end;
    }
  }
  return result;
}

std::string common_part(const std::string& normalised) {
  std::string_view rest = normalised, longest;
  while (!rest.empty()) {
    const bool is_line_end = rest.find('\n') < rest.find(differs);
    const auto end = std::min(rest.find(is_line_end ? "\n" : differs), rest.size());
    if (end > longest.size())
      longest = rest.substr(0, end);
    rest.remove_prefix(std::min(end + (is_line_end ? 1 : differs.size()), rest.size()));
  }
  const auto begin = longest.find_first_not_of(' ');
  const auto end = longest.find_last_not_of(' ');
  return begin == longest.npos ? std::string{}
                               : std::string{longest.substr(begin, end - begin + 1)};
}

void failure_groups::add(const nlohmann::json& row) {
  const auto reason = normalised_reason(text_of(row, "why"), text_of(row, "dataset"));
  auto& group = groups_[{text_of(row, "phase"), reason}];
  const auto changed = text_of(row, "changed_at");
  if (group.count++ == 0 || changed > group.changed_at) {
    group.changed_at = changed;
    group.example = text_of(row, "id");
    group.step = text_of(row, "step");
  }
}

nlohmann::json failure_groups::largest_first() const {
  std::vector<nlohmann::json> all;
  for (const auto& [key, group] : groups_)
    all.push_back({{"phase", key.first},
                   {"reason", key.second},
                   {"count", group.count},
                   {"step", group.step},
                   {"example", group.example},
                   {"changed_at", group.changed_at}});
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return number_of(a, "count") > number_of(b, "count");
  });
  return all;
}

} // namespace skein::console::screen
