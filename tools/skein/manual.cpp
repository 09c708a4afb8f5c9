#include "tools/skein/manual.hpp"

#include "tools/skein/command.hpp"
#include "tools/skein/command_tree.hpp"
#include "tools/skein/print.hpp"

#include <CLI/App.hpp>

namespace skein::console {

namespace {

/// Text as roff takes it literally; dashes as they are typed.
std::string roff(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i).starts_with("…")) {
      result += "...";
      i += std::string_view{"…"}.size() - 1;
    } else if (text[i] == '-')
      result += "\\-";
    else if (text[i] == '\\')
      result += "\\e";
    else
      result += text[i];
  }
  return result.starts_with(".") || result.starts_with("'") ? "\\&" + result : result;
}

std::string sentence(const std::string& text) { return roff(text) + ".\n"; }

std::string heading(const CLI::Option& x) {
  std::string line;
  for (const auto& name : names_of(x))
    line += (line.empty() ? "" : ", ") + ("\\fB" + roff(name) + "\\fR");
  const auto value = value_name(x);
  if (value.empty())
    return line;
  const auto shown = "\\fI" + roff(value) + "\\fR";
  return line + (needs_value(x) ? " " + shown : " [" + shown + "]");
}

std::string meaning(const CLI::Option& x) {
  auto text = x.get_description();
  std::string choices;
  for (const auto& each : choices_of(x))
    choices += (choices.empty() ? "" : ", ") + each;
  if (!choices.empty())
    text += ": " + choices;
  return sentence(text);
}

/// Help is the same everywhere, and said once.
bool is_help(const CLI::Option& x) {
  const auto names = names_of(x);
  return !names.empty() && names.back() == "--help";
}

std::string options_text(const CLI::App& of) {
  std::string text;
  for (const auto* each : options_of(of))
    if (of.get_parent() == nullptr || !is_help(*each))
      text += ".TP\n" + heading(*each) + "\n" + meaning(*each);
  return text;
}

std::string operands_text(const CLI::App& of) {
  std::string text;
  for (const auto* each : operands_of(of))
    text += ".TP\n\\fI" + roff(each->get_single_name()) + "\\fR\n" + meaning(*each);
  return text;
}

std::string synopsis(const CLI::App& of) {
  auto line = path_of(of);
  for (const auto* each : operands_of(of)) {
    const auto name = each->get_single_name();
    line += each->get_required() ? " " + name : " [" + name + "]";
  }
  return line;
}

void add_commands_text(const CLI::App& of, std::string& to) {
  for (const auto* each : commands_of(of)) {
    if (commands_of(*each).empty())
      to += ".SS \"" + roff(synopsis(*each)) + "\"\n" + sentence(each->get_description())
            + operands_text(*each) + options_text(*each);
    add_commands_text(*each, to);
  }
}

constexpr auto end_of_page = R"(.SH EXIT STATUS
.TP
0
It was done.
.TP
1
It failed, or was refused; standard error says why.
.TP
2
The command line makes no sense, or a question could not be asked: nothing was done.
.TP
3
There is no such migration, bulk, token or context.
.TP
4
It needs a running skeind, and none answers.
.SH ENVIRONMENT
.TP
\fBSKEIN_WORKSPACE\fR
The workspace, if \-w does not name it.
.TP
\fBSKEIN_CONTEXT\fR
The context, if \-\-context does not name it.
.TP
\fBSKEIN_TOKEN\fR
The token to call a daemon with.
.TP
\fBNO_COLOR\fR
No colours, if it is set to anything.
.SH FILES
.TP
\fI$XDG_CONFIG_HOME/skein/contexts.yaml\fR
The contexts, by default in ~/.config.
.TP
\fIWORKSPACE/skein.yaml\fR
What a workspace is made of.
.TP
\fIWORKSPACE/.skein\fR
The state folder: the log, and where a running daemon listens.
)";

} // namespace

std::string manual(const CLI::App& root) {
  std::string text = ".TH SKEIN 1 \"\" \"Skein\" \"User Commands\"\n.SH NAME\nskein \\- ";
  text += "the admin console of Skein, which migrates fleets of datasets\n";
  text += ".SH SYNOPSIS\n.B skein\n[\\fIoptions\\fR] \\fIcommand\\fR [\\fIoptions\\fR]\n";
  text += ".SH DESCRIPTION\n"
          "Looks at a workspace's migrations, and gives orders to its daemon, skeind. Without a "
          "running daemon it reads the log on disk.\n.PP\n"
          "What is dangerous is asked about on a terminal, after showing what it concerns; "
          "elsewhere it needs \\-\\-yes. With \\-\\-dry\\-run the daemon says what an order would "
          "do, or why it would be refused, and does nothing.\n";
  text += ".SH OPTIONS\nThese are for every command.\n" + options_text(root);
  text += ".SH COMMANDS\n";
  add_commands_text(root, text);
  return text + end_of_page;
}

action add_manual(CLI::App& to) {
  return [&to](const session&) -> outcome<void> {
    print(manual(*to.get_parent()));
    return {};
  };
}

} // namespace skein::console
