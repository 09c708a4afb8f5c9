#include "config/yaml.hpp"

#include "config/spelling.hpp"
#include "config/utf8.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <sstream>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

namespace skein::config::yaml {

namespace {

constexpr std::size_t max_mistakes = 100;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

place place_of(const YAML::Mark& mark) {
  return mark.is_null() ? place{} : place{mark.line + 1, mark.column + 1};
}

/// Thrown out of yaml-cpp's callbacks, its only way to be stopped.
struct refusal {
  place at;
  std::string what;
};

std::size_t weight_of(const node& x) {
  auto sum = sizeof(node) + x.text.size();
  for (const auto& item : x.items)
    sum += weight_of(item);
  for (const auto& entry : x.fields)
    sum += entry.key.size() + weight_of(entry.value);
  return sum;
}

bool is_standard_tag(const std::string& tag) {
  static const std::string core = "tag:yaml.org,2002:";
  static const std::vector<std::string> known{"str", "int", "float", "bool", "null", "map", "seq"};
  if (tag.empty() || tag == "?" || tag == "!")
    return true;
  return tag.starts_with(core)
         && std::find(known.begin(), known.end(), tag.substr(core.size())) != known.end();
}

/// Where the quoted scalar begins whose node begins at `i`, past its anchor and tag.
std::size_t past_properties(std::string_view source, std::size_t i) {
  while (i < source.size() && (source[i] == '&' || source[i] == '!'))
    i = source.find_first_not_of(" \t\r\n", source.find_first_of(" \t\r\n", i));
  return i;
}

/// yaml-cpp takes the end of the file for a missing closing quote.
bool is_closed(std::string_view source, std::size_t node_begin) {
  auto i = past_properties(source, node_begin);
  if (i >= source.size() || (source[i] != '"' && source[i] != '\''))
    return true;
  char mark = source[i];
  for (++i; i < source.size(); ++i) {
    bool doubled = mark == '\'' && source.substr(i, 2) == "''";
    if (doubled || (mark == '"' && source[i] == '\\'))
      ++i;
    else if (source[i] == mark)
      return true;
  }
  return false;
}

/// yaml-cpp's own tree takes a key twice without a word and keeps no budget on aliases; hence
/// this one, built from its events.
class tree_builder : public YAML::EventHandler {
public:
  tree_builder(std::string_view source, report& out) : source_{source}, out_{out} {}

  std::vector<node> documents;

  void OnDocumentStart(const YAML::Mark&) override { anchors_.clear(); }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    node x;
    x.at = place_of(mark);
    finish(std::move(x), anchor);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& text) override {
    auto x = begin(node::kind::scalar, mark, tag);
    if (text.find('\0') != std::string::npos)
      throw refusal{x.at, "this text holds a NUL character; take it out"};
    x.plain = tag == "?";
    if (!x.plain && !is_closed(source_, static_cast<std::size_t>(mark.pos)))
      throw refusal{x.at, "this text is never closed; its closing quote is missing"};
    x.text = text;
    finish(std::move(x), anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    auto found = anchors_.find(anchor);
    if (found == anchors_.end())
      throw refusal{place_of(mark), "this alias stands inside the value that it names"};
    finish(node{found->second}, YAML::NullAnchor);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(begin(node::kind::list, mark, tag), anchor);
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(begin(node::kind::map, mark, tag), anchor);
  }
  void OnMapEnd() override { close(); }

private:
  struct frame {
    node value;
    YAML::anchor_t anchor;
    std::optional<node> key;
  };

  static node begin(node::kind what, const YAML::Mark& mark, const std::string& tag) {
    if (!is_standard_tag(tag))
      throw refusal{place_of(mark), "the tag " + quote(tag) + " is not supported; take it out"};
    node x;
    x.what = what;
    x.at = place_of(mark);
    return x;
  }

  void open(node x, YAML::anchor_t anchor) {
    if (open_.size() == max_depth)
      throw refusal{x.at, "values are nested more than " + std::to_string(max_depth)
                              + " deep here; flatten them"};
    open_.push_back({std::move(x), anchor, {}});
  }

  void close() {
    auto done = std::move(open_.back());
    open_.pop_back();
    finish(std::move(done.value), done.anchor);
  }

  void spend(const node& x, std::size_t bytes) {
    spent_ += bytes;
    if (spent_ > max_tree_bytes)
      throw refusal{x.at, "the file expands to too many values here; use fewer aliases or split it "
                          "into several files"};
  }

  void finish(node x, YAML::anchor_t anchor) {
    spend(x, x.what == node::kind::list || x.what == node::kind::map ? 0 : weight_of(x));
    if (anchor != YAML::NullAnchor) {
      spend(x, weight_of(x));
      anchors_[anchor] = x;
    }
    attach(std::move(x));
  }

  void attach(node x) {
    if (open_.empty()) {
      if (x.what != node::kind::null)
        documents.push_back(std::move(x));
      return;
    }
    auto& parent = open_.back();
    if (parent.value.what == node::kind::list)
      parent.value.items.push_back(std::move(x));
    else if (!parent.key)
      parent.key = std::move(x);
    else
      attach_field(parent, std::move(x));
  }

  void attach_field(frame& parent, node x) {
    auto key = std::move(*parent.key);
    parent.key.reset();
    if (key.what != node::kind::scalar)
      return out_.add(key.at, "a key must be text, not a list, a map or nothing");
    if (key.plain && key.text == "<<")
      return out_.add(key.at, "merge keys (<<) are not supported; write the fields out");
    if (const auto* first = parent.value.find(key.text))
      return out_.add(key.at, "the field " + quote(key.text) + " stands here a second time, after "
                                  + out_.at(first->at) + "; take one of them out");
    if (x.what == node::kind::null)
      x.at = key.at;
    spend(x, sizeof(field) + key.text.size());
    parent.value.fields.push_back({std::move(key.text), key.at, std::move(x)});
  }

  std::string_view source_;
  report& out_;
  std::vector<frame> open_;
  std::map<YAML::anchor_t, node> anchors_;
  std::size_t spent_ = 0;
};

bool is_readable(std::string_view text, report& out) {
  if (text.size() > max_file_bytes) {
    out.add({}, "the file is larger than 4 MiB; split it into several files");
    return false;
  }
  auto fault = find_unprintable(text);
  if (!fault)
    return true;
  out.add({fault->line, fault->column}, fault->what);
  return false;
}

} // namespace

void report::add(place at, std::string sentence) {
  if (found_.size() < max_mistakes)
    found_.emplace_back(at.line, at.column, std::move(sentence));
  else
    more_ = true;
}

std::string report::at(place x) const {
  return origin_ + ":" + std::to_string(x.line) + ":" + std::to_string(x.column);
}

std::vector<failure> report::take() {
  std::stable_sort(found_.begin(), found_.end(), [](const auto& a, const auto& b) {
    return std::tie(std::get<0>(a), std::get<1>(a)) < std::tie(std::get<0>(b), std::get<1>(b));
  });
  std::vector<failure> result;
  for (const auto& [line, column, sentence] : found_)
    result.push_back({at({line, column}) + ": " + sentence});
  if (more_)
    result.push_back({origin_ + ": there are more mistakes than these; put these right first"});
  found_.clear();
  return result;
}

const field* node::find(std::string_view key) const {
  auto found = std::find_if(fields.begin(), fields.end(), [&](auto& x) { return x.key == key; });
  return found == fields.end() ? nullptr : &*found;
}

std::vector<node> parse(std::string_view text, report& out) {
  if (!is_readable(text, out))
    return {};
  if (text.starts_with(byte_order_mark))
    text.remove_prefix(byte_order_mark.size());
  tree_builder tree{text, out};
  try {
    std::istringstream in{std::string{text}};
    YAML::Parser parser{in};
    while (parser.HandleNextDocument(tree)) {
    }
  } catch (const refusal& why) {
    out.add(why.at, why.what);
  } catch (const YAML::Exception& why) {
    out.add(place_of(why.mark), "this is not well-formed YAML (" + why.msg
                                    + "); check the indentation, quotes and brackets here");
  }
  return std::move(tree.documents);
}

} // namespace skein::config::yaml
