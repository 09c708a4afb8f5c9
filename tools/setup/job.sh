# shellcheck shell=bash
# Runs what takes long, so that nothing of it outlives the script. Sourced by install.sh.
: "${deps:?}"

job=''  # the process group of the command under way

# A signal to the script alone must end what it started as well: each job is a process group of its
# own, and the script waits in a builtin that a trap may interrupt.
in_job() {  # command...
  local status=0
  set -m
  "$@" </dev/null &
  job=$!
  set +m
  wait "$job" || status=$?
  job=''
  return "$status"
}

stop_job() {
  [[ -n $job ]] || return 0
  local group=$job waited
  job=''
  kill -TERM -- "-$group" 2>/dev/null || return 0
  for ((waited = 0; waited < 100; waited++)); do
    kill -0 -- "-$group" 2>/dev/null || return 0
    sleep 0.1
  done
  kill -KILL -- "-$group" 2>/dev/null || true
}

interrupted() {  # exit code
  [[ ! -t 1 ]] || echo
  warn "interrupted"
  exit "$1"
}

stop_on_signals() {
  trap stop_job EXIT
  trap 'interrupted 129' HUP
  trap 'interrupted 130' INT
  trap 'interrupted 143' TERM
}

with_progress() {  # label log [--pass] command...
  local label=$1 log=$2 pass=''
  shift 2
  if [[ $1 == --pass ]]; then
    pass=--pass
    shift
  fi
  "$@" 2>&1 | progress "$label" "$log" $pass
}

# quietly LABEL COMMAND...: shows only progress; what the command printed appears if it fails.
quietly() {
  local label=$1 log=$deps/log/$1.log
  shift
  mkdir -p "$deps/log"
  : >"$log"
  in_job with_progress "$label" "$log" "$@" && return
  cat "$log" >&2
  return 1
}

# Two runs at once would build in the same folder: the second waits for the first.
take_turns() {
  mkdir -p "$deps"
  exec {turn}>"$deps/lock"
  flock --nonblock "$turn" && return
  say "another skein-up or skein-test is installing or building here; waiting for it"
  in_job flock "$turn"
}

end_turn() { exec {turn}>&-; }
