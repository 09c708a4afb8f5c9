#include "config/spelling.hpp"
#include "config/workspace.hpp"

namespace skein::config {

namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }

/// `NAME=value`, which a shell would take for an assignment.
bool is_assignment(std::string_view word) {
  auto equals = word.find('=');
  return equals != std::string_view::npos && is_variable_name(word.substr(0, equals));
}

class splitter {
public:
  explicit splitter(std::string_view text) : text_{text} {}

  expected<std::vector<std::string>> run() {
    while (at_ < text_.size() && fault_.empty())
      step();
    end_word();
    if (fault_.empty() && words_.empty())
      fault_ = "the command is empty; write the program and its arguments";
    if (!fault_.empty())
      return fail(fault_);
    return words_;
  }

private:
  void step() {
    char c = text_[at_];
    if (is_blank(c)) {
      end_word();
      ++at_;
    } else if (c == '\'') {
      single_quotes();
    } else if (c == '"') {
      double_quotes();
    } else if (c == '\\') {
      escape();
    } else if (!refuse_shell(c)) {
      in_word_ = true;
      word_ += c;
      ++at_;
    }
  }

  bool starts(std::string_view part) const { return text_.substr(at_).starts_with(part); }

  bool refuse_shell(char c) {
    if (c == '\n' || c == '\r')
      return refuse("a second line");
    if (starts("$("))
      return refuse("$(");
    if (c == '#' && !in_word_)
      return refuse("#");
    return std::string_view{"|;&<>`()"}.find(c) != std::string_view::npos && refuse(std::string{c});
  }

  bool refuse(const std::string& what) {
    fault_ = "the command holds " + (what.size() > 2 ? what : quote(what))
             + ", which needs a shell, and commands are not run by one; quote it, or make it "
               "[sh, -c, …]";
    return true;
  }

  void single_quotes() {
    in_word_ = true;
    auto end = text_.find('\'', at_ + 1);
    if (end == std::string_view::npos) {
      fault_ = "the command has a ' without its other half";
      return;
    }
    word_ += text_.substr(at_ + 1, end - at_ - 1);
    at_ = end + 1;
  }

  void double_quotes() {
    in_word_ = true;
    for (++at_; at_ < text_.size() && text_[at_] != '"' && fault_.empty(); ++at_) {
      bool escapes = text_[at_] == '\\' && at_ + 1 < text_.size()
                     && std::string_view{"$`\"\\\n"}.find(text_[at_ + 1]) != std::string_view::npos;
      if (escapes)
        ++at_;
      else if (text_[at_] == '`' || starts("$("))
        refuse(text_[at_] == '`' ? "`" : "$(");
      if (!escapes || text_[at_] != '\n')
        word_ += text_[at_];
    }
    if (at_ == text_.size() && fault_.empty())
      fault_ = "the command has a \" without its other half";
    ++at_;
  }

  void escape() {
    if (at_ + 1 == text_.size()) {
      fault_ = "the command ends in a backslash";
      return;
    }
    if (text_[at_ + 1] != '\n') {
      in_word_ = true;
      word_ += text_[at_ + 1];
    }
    at_ += 2;
  }

  void end_word() {
    if (!in_word_)
      return;
    if (words_.empty() && is_assignment(word_))
      fault_ = "the command begins with the assignment " + quote(word_)
               + ", which needs a shell; put it into \"env\"";
    words_.push_back(std::move(word_));
    word_.clear();
    in_word_ = false;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool in_word_ = false;
  std::string word_;
  std::vector<std::string> words_;
  std::string fault_;
};

} // namespace

expected<std::vector<std::string>> split_command(std::string_view text) {
  return splitter{trimmed(text)}.run();
}

} // namespace skein::config
