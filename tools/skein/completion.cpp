#include "tools/skein/command.hpp"
#include "tools/skein/print.hpp"

#include <CLI/App.hpp>
#include <CLI/Validators.hpp>
#include <memory>

/// The shells' halves of completion: they ask the program itself (complete.hpp) what could come
/// next, so that they need not be made again when it changes.
namespace skein::console {

namespace {

// '@', ':' and '=' divide words for bash, which then replaces only what is behind them.
constexpr auto bash_script
    = R"sh(# Completion of skein for bash. In ~/.bashrc:  source <(skein completion bash)
_skein() {
  local line=${COMP_LINE:0:COMP_POINT} current before
  local -a words
  read -ra words <<<"$line"
  [[ $line == *[[:space:]] ]] && words+=("")
  current=${words[${#words[@]}-1]}
  before=${current%"${current##*[@:=]}"}
  mapfile -t COMPREPLY < <("${words[0]}" __complete "${words[@]:1}" 2>/dev/null | cut -f1)
  if [[ ${COMPREPLY[0]-} == :files ]]; then
    mapfile -t COMPREPLY < <(compgen -f -- "${current##*=}")
    compopt -o filenames 2>/dev/null
    return
  fi
  COMPREPLY=("${COMPREPLY[@]#"$before"}")
}
complete -F _skein skein
)sh";

constexpr auto zsh_script = R"sh(#compdef skein
# Completion of skein for zsh. In ~/.zshrc, behind compinit:  source <(skein completion zsh)
_skein() {
  local each
  local -a found shown
  found=("${(@f)$("${words[1]}" __complete "${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ ${found[1]} == :files ]]; then
    _files
    return
  fi
  for each in "${found[@]}"; do
    [[ -n $each ]] && shown+=("${${each%%$'\t'*}//:/\\:}:${each#*$'\t'}")
  done
  _describe -V skein shown
}
if [[ ${funcstack[1]} == _skein ]]; then
  _skein "$@"
else
  compdef _skein skein
fi
)sh";

} // namespace

action add_completion(CLI::App& to) {
  auto shell = std::make_shared<std::string>();
  to.add_option("shell", *shell, "The shell that is to complete")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh"}));
  return [shell](const session&) -> outcome<void> {
    print(*shell == "bash" ? bash_script : zsh_script);
    return {};
  };
}

} // namespace skein::console
