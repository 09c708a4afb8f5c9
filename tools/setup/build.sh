# shellcheck shell=bash
# Configures and builds in build/. Sourced by install.sh.
: "${root:?}"

least() { printf '%s\n' "$@" | sort -n | head -n 1; }

# A compiler takes up to 1 GiB: as many as there are cores, but never more than memory holds.
build_jobs() {
  local bytes memory
  memory=$(awk '/^MemAvailable:/ {print int($2 / 1048576)}' /proc/meminfo)
  for limit in /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes; do
    if [[ -r $limit ]]; then
      bytes=$(<"$limit")
      [[ $bytes == max ]] || memory=$(least "$memory" $((bytes >> 30)))
    fi
  done
  ((memory >= 1)) || memory=1
  least "$(nproc)" "$memory"
}

cached() { sed -n "s/^$1:[A-Z]*=//p" "$root/build/CMakeCache.txt" 2>/dev/null; }

# configure ON|OFF: with or without the tests. A build that has them keeps them: leaving them out
# would configure again at each turn from skein-test to skein-up and back.
configure() {
  local anew=()
  if [[ -f $root/build/CMakeCache.txt && $(cached CMAKE_HOME_DIRECTORY) != "$root" ]]; then
    anew=(--fresh)  # the checkout was moved or copied
  elif [[ -f $root/build/build.ninja ]] && [[ $1 == OFF || $(cached SKEIN_TESTS) == ON ]]; then
    return 0
  fi
  say "configuring the build"
  quietly configure cmake "${anew[@]}" -G Ninja -S "$root" -B "$root/build" \
    -DCMAKE_C_COMPILER=clang -DCMAKE_CXX_COMPILER=clang++ -DCMAKE_BUILD_TYPE=RelWithDebInfo \
    "-DSKEIN_TESTS=$1" ||
    fail "cmake could not configure the build; see above. If build/ is older than the sources, remove it and run this again"
}

build() {  # target...
  local jobs start=$SECONDS
  jobs=$(build_jobs)
  say "building, $jobs files at a time"
  NINJA_STATUS='@%f/%t ' quietly build ninja -C "$root/build" -j "$jobs" "$@" ||
    fail "the build failed; see above"
  say "built in $((SECONDS - start)) s"
}
