# shellcheck shell=bash
# Installs the Debian packages that are missing. Sourced by install.sh.
: "${setup:?}" "${deps:?}"

as_root() {
  if ((EUID == 0)); then
    "$@"
  else
    sudo "$@"
  fi
}

check_system() {
  local ID='' VERSION_ID='' PRETTY_NAME='an unknown system'
  # shellcheck disable=SC1091
  [[ ! -r /etc/os-release ]] || . /etc/os-release
  [[ $ID == debian && $VERSION_ID == 12 ]] && return
  warn "made for Debian 12, and this is $PRETTY_NAME: going on, but some packages may be named otherwise"
}

listed_packages() {  # section...
  local section
  for section; do
    sed -n "/^\[$section\]/,/^\[/ s/^\([a-z0-9][^ ]*\).*/\1/p" "$setup/packages.txt"
  done
  # Any npm will do, also one that is not Debian's.
  command -v npm >/dev/null || printf '%s\n' nodejs npm
}

missing_packages() {  # section...
  local listed
  mapfile -t listed < <(listed_packages "$@")
  # shellcheck disable=SC2016  # dpkg-query's own variables
  dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' "${listed[@]}" 2>/dev/null |
    sed -n 's/^.i  *//p' | sort -u |
    comm -23 <(printf '%s\n' "${listed[@]}" | sort -u) -
}

# apt tells how far it is on a file descriptor of its own, which sudo would close: hence the shell.
apt_get() {  # command argument...
  # shellcheck disable=SC2016,SC2094
  as_root env DEBIAN_FRONTEND=noninteractive sh -c 'exec 3>&1 1>&2; exec apt-get "$@"' apt-get \
    -o APT::Status-Fd=3 -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 "$@" </dev/null 2>>"$apt_log" |
    sed -u -n -e 's|^dlstatus:[^:]*:\([0-9]*\)[^:]*:\(.*\)|@\1/100 \2|p' \
      -e 's|^pmstatus:[^:]*:\([0-9]*\)[^:]*:\(.*\)|@\1/100 \2|p' |
    progress "apt-get $1" "$apt_log"
}

# Not a job of its own: dpkg must come to an end once it has begun, and sudo may ask for a password.
install_packages() {  # section...
  local missing apt_log=$deps/log/apt.log
  command -v dpkg-query >/dev/null ||
    fail "there is no dpkg here; install what tools/setup/packages.txt lists, then run cmake and ninja by hand"
  mapfile -t missing < <(missing_packages "$@")
  ((${#missing[@]} > 0)) || return 0
  ((EUID == 0)) || command -v sudo >/dev/null ||
    fail "installing needs root: run 'apt-get install --no-install-recommends ${missing[*]}' as root, then this again"
  say "installing from Debian: ${missing[*]}"
  mkdir -p "$deps/log"
  : >"$apt_log"
  # An earlier run that was cut off inside dpkg would make apt refuse.
  if as_root dpkg --configure -a >>"$apt_log" 2>&1 && apt_get update -q &&
    apt_get install -qy --no-install-recommends "${missing[@]}"; then
    return
  fi
  cat "$apt_log" >&2
  fail "apt-get did not install them; see above, mend it (network? disk space?), and run this again"
}
