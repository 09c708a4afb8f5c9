#include "store/tree_head.hpp"

#include "store/encodings.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace skein::store {

namespace {

constexpr std::string_view origin_prefix = "skein/log/";
constexpr std::string_view time_prefix = "time ";
constexpr std::string_view signature_prefix = "\xe2\x80\x94 "; // an em dash, as notes want it
constexpr size_t key_id_bytes = 4;

/// Takes a line off the front; nothing if no line break ends it.
std::optional<std::string_view> take_line(std::string_view& from) {
  const auto end = from.find('\n');
  if (end == from.npos)
    return std::nullopt;
  const auto line = from.substr(0, end);
  from.remove_prefix(end + 1);
  return line;
}

std::string text_of(const tree_head& x) {
  return fmt::format("{}\n{}\n{}\n{}{}\n", origin_of(x.log_id), x.size, base64(x.root), time_prefix,
                     x.time);
}

/// Decimal, without leading zeros, so that a size has one spelling.
std::optional<uint64_t> size_in(std::string_view text) {
  uint64_t size = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, size);
  const bool whole = error == std::errc{} && stop == end && std::to_string(size) == text;
  return whole ? std::optional{size} : std::nullopt;
}

tl::unexpected<failure> no_head(std::string_view why) {
  return fail(fmt::format("this is no tree head: {}; expected a whole note as `skein audit head` "
                          "prints it, from its first line to its signature",
                          why));
}

expected<tree_head> parse_text(std::string_view text) {
  const auto origin = take_line(text);
  if (!origin || !origin->starts_with(origin_prefix) || origin->size() == origin_prefix.size())
    return no_head(fmt::format("its first line does not start with {}", origin_prefix));
  const auto size = size_in(take_line(text).value_or(""));
  if (!size)
    return no_head("its second line is no number of events");
  const auto root = digest_from_base64(take_line(text).value_or(""));
  if (!root)
    return no_head("its third line is no SHA-256 hash in base64");
  const auto time = take_line(text).value_or("");
  if (!time.starts_with(time_prefix))
    return no_head("its fourth line is not the time it was signed at");
  return tree_head{std::string{origin->substr(origin_prefix.size())}, *size, *root,
                   std::string{time.substr(time_prefix.size())}};
}

std::optional<signed_head::signature> parse_signature(std::string_view line) {
  if (!line.starts_with(signature_prefix))
    return std::nullopt;
  line.remove_prefix(signature_prefix.size());
  const auto space = line.find(' ');
  if (space == line.npos || space == 0)
    return std::nullopt;
  const auto bytes = from_base64(line.substr(space + 1));
  if (!bytes || bytes->size() <= key_id_bytes)
    return std::nullopt;
  return signed_head::signature{std::string{line.substr(0, space)}, bytes->substr(0, key_id_bytes),
                                bytes->substr(key_id_bytes)};
}

} // namespace

std::string origin_of(const std::string& log_id) { return std::string{origin_prefix} + log_id; }

std::string signed_head::note() const {
  auto all = text + "\n";
  for (const auto& x : signatures)
    all += fmt::format("{}{} {}\n", signature_prefix, x.name, base64(x.key_id + x.bytes));
  return all;
}

expected<signed_head> sign(const tree_head& what, const signing_key& key) {
  signed_head result{what, text_of(what), {}};
  auto bytes = key.sign(result.text);
  if (!bytes)
    return tl::unexpected{bytes.error()};
  result.signatures.push_back({key.verifier().name(), key.verifier().id(), std::move(*bytes)});
  return result;
}

expected<signed_head> parse_head(std::string_view note) {
  const auto end = note.find("\n\n");
  if (end == note.npos)
    return no_head("it has no empty line before its signature");
  signed_head result;
  result.text = note.substr(0, end + 1);
  auto head = parse_text(result.text);
  if (!head)
    return tl::unexpected{head.error()};
  result.head = std::move(*head);
  for (auto rest = note.substr(end + 2); !rest.empty();) {
    const auto line = take_line(rest);
    auto signature = line ? parse_signature(*line) : std::nullopt;
    if (!signature)
      return no_head("what stands after its empty line is no signature");
    result.signatures.push_back(std::move(*signature));
  }
  if (result.signatures.empty())
    return no_head("it is not signed");
  return result;
}

expected<void> check_signature(const signed_head& what, std::span<const verifying_key> keys) {
  bool is_known = false;
  for (const auto& signature : what.signatures)
    for (const auto& key : keys) {
      if (key.name() != signature.name || key.id() != signature.key_id)
        continue;
      is_known = true;
      if (key.verifies(what.text, signature.bytes))
        return {};
    }
  const auto& first = what.signatures.front();
  if (is_known)
    return fail(fmt::format("its signature is not that of the key {}+{}: it was changed after it "
                            "was signed, or forged",
                            first.name, hex(first.key_id)));
  return fail(fmt::format("it is signed with the key {}+{}, which is not among the trusted ones",
                          first.name, hex(first.key_id)));
}

size_t first_note_bytes(std::string_view text) {
  const auto start = std::min(text.find_first_not_of('\n'), text.size());
  auto at = text.find("\n\n", start);
  if (at == text.npos)
    return 0;
  auto rest = text.substr(at + 2);
  bool is_signed = false;
  for (auto next = rest; rest.starts_with(signature_prefix); rest = next, is_signed = true)
    if (!take_line(next))
      return 0;
  while (rest.starts_with('\n'))
    rest.remove_prefix(1);
  return is_signed ? text.size() - rest.size() : 0;
}

} // namespace skein::store
