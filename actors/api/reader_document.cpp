#include "actors/api/reader_document.hpp"

#include "actors/json_text.hpp"

#include <nlohmann/json.hpp>

namespace skein::actors::metadata {

namespace {

using readers = std::vector<dataset_reader>;

/// Cuts JSON without blanks into pieces. What it takes is as well-formed as the whole is.
class json_cutter {
public:
  explicit json_cutter(std::string_view text) : rest_{text} {}

  bool is_at_end() const { return rest_.empty(); }

  bool take(std::string_view expected) {
    const bool is_there = rest_.starts_with(expected);
    rest_.remove_prefix(is_there ? expected.size() : 0);
    return is_there;
  }

  /// What stands before the quote that ends a string; nothing if any of it is escaped.
  std::optional<std::string> take_plain_text() {
    const auto end = rest_.find_first_of("\"\\");
    if (end == rest_.npos || rest_[end] != '"')
      return std::nullopt;
    std::string text{rest_.substr(0, end)};
    rest_.remove_prefix(end + 1);
    return text;
  }

  std::optional<std::string> take_object() {
    if (!rest_.starts_with('{'))
      return std::nullopt;
    std::size_t depth = 0;
    bool is_quoted = false;
    for (std::size_t i = 0; i < rest_.size(); ++i) {
      const auto byte = rest_[i];
      if (byte == '"')
        is_quoted = !is_quoted;
      else if (is_quoted)
        i += byte == '\\' ? 1 : 0;
      else if (byte == '{')
        ++depth;
      else if (byte == '}' && --depth == 0)
        return cut(i + 1);
    }
    return std::nullopt;
  }

private:
  std::string cut(std::size_t size) {
    std::string piece{rest_.substr(0, size)};
    rest_.remove_prefix(size);
    return piece;
  }

  std::string_view rest_;
};

std::optional<dataset_reader> cut_reader(json_cutter& from) {
  if (!from.take(R"({"dataset":")"))
    return std::nullopt;
  auto dataset = from.take_plain_text();
  if (!dataset || !from.take(R"(,"ref":")"))
    return std::nullopt;
  auto ref = from.take_plain_text();
  if (!ref || !from.take(R"(,"shown":)"))
    return std::nullopt;
  auto shown = from.take_object();
  if (!shown || !from.take("}"))
    return std::nullopt;
  return dataset_reader{*std::move(ref), *std::move(dataset), *std::move(shown)};
}

/// Nothing if it is not laid out so.
std::optional<readers> cut_readers(std::string_view document) {
  json_cutter from{document};
  readers all;
  for (bool goes_on = from.take("["); goes_on; goes_on = from.take(",")) {
    auto next = cut_reader(from);
    if (!next)
      return std::nullopt;
    all.push_back(*std::move(next));
  }
  if (!from.take("]") || !from.is_at_end())
    return std::nullopt;
  return all;
}

} // namespace

std::optional<readers> read_readers(std::string_view document) {
  if (auto cut = cut_readers(document))
    return cut;
  const auto value = parse_json(document);
  if (!value)
    return std::nullopt;
  readers all;
  for (const auto& x : *value) {
    if (!x.is_object())
      return std::nullopt;
    const auto shown = x.find("shown");
    all.push_back({x.value("ref", ""), x.value("dataset", ""),
                   shown == x.end() ? std::string{} : dump_json(*shown)});
  }
  return all;
}

} // namespace skein::actors::metadata
