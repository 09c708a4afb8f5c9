# shellcheck shell=bash
# Messages and progress of ./skein-up and ./skein-test. Sourced by install.sh.
: "${program:?}"

say() { printf '%s: %s\n' "$program" "$*"; }

warn() { printf '%s: %s\n' "$program" "$*" >&2; }

fail() {
  warn "$*"
  exit 1
}

# A terminal has one line that changes in place; elsewhere each tenth gets a line of its own, and so
# does a minute in which none was reached.
show_progress() {  # label done total what
  local tenth=$(($2 * 10 / $3)) text
  if [[ -t 1 ]]; then
    text="$program: $1 $2/$3 $4"
    printf '\r\033[K%s' "${text:0:${COLUMNS:-80}-1}"
  elif ((tenth != last_tenth || SECONDS - last_said >= 60)); then
    say "$1 $2 of $3"
    last_tenth=$tenth
    last_said=$SECONDS
  fi
}

# progress LABEL LOG: shows the lines "@done/total what" of its input as progress, and keeps every
# other line in LOG; with --pass it prints those as well.
progress() {
  local label=$1 log=$2 pass=${3:-} line last_tenth=0 last_said=$SECONDS clear=''
  [[ ! -t 1 ]] || clear=$'\r\033[K'
  while IFS= read -r line; do
    if [[ $line =~ ^@([0-9]+)/([1-9][0-9]*)\ (.*) ]]; then
      show_progress "$label" "${BASH_REMATCH[@]:1}"
      continue
    fi
    printf '%s\n' "$line" >>"$log"
    [[ -z $pass ]] || printf '%s%s\n' "$clear" "$line"
  done
  printf '%s' "$clear"
}
