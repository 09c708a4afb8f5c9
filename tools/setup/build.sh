# shellcheck shell=bash
# Configures and builds. Sourced by install.sh.
: "${root:?}"

build_folder=$root/build  # another for a build with a sanitizer

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

cached() { sed -n "s/^$1:[A-Z]*=//p" "$build_folder/CMakeCache.txt" 2>/dev/null; }

# configure ON|OFF [-D...]: with or without the tests. A build that has them keeps them: leaving them
# out would configure again at each turn from skein-test to skein-up and back.
configure() {
  local anew=() tests=$1
  shift
  if [[ -f $build_folder/CMakeCache.txt && $(cached CMAKE_HOME_DIRECTORY) != "$root" ]]; then
    anew=(--fresh)  # the checkout was moved or copied
  elif [[ -f $build_folder/build.ninja ]] && [[ $tests == OFF || $(cached SKEIN_TESTS) == ON ]] &&
    (($# == 0)); then
    return 0
  fi
  say "configuring the build"
  quietly configure cmake "${anew[@]}" -G Ninja -S "$root" -B "$build_folder" \
    -DCMAKE_C_COMPILER=clang -DCMAKE_CXX_COMPILER=clang++ -DCMAKE_BUILD_TYPE=RelWithDebInfo \
    "-DSKEIN_TESTS=$tests" "$@" ||
    fail "cmake could not configure the build; see above. If ${build_folder##*/}/ is older than the sources, remove it and run this again"
}

build() {  # target...
  local jobs start=$SECONDS
  jobs=$(build_jobs)
  say "building, $jobs files at a time"
  NINJA_STATUS='@%f/%t ' quietly build ninja -C "$build_folder" -j "$jobs" "$@" ||
    fail "the build failed; see above"
  say "built in $((SECONDS - start)) s"
}
