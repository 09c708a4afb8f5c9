# shellcheck shell=bash
# What --fuzz and --sanitize change of an ordinary run. Sourced by skein-test.
: "${root:?}"

definitions=()  # for cmake
targets=(all)   # for ninja

# A finding ends the program that made it, with the stack of where it was.
use_sanitizer() {  # address|thread|fuzz
  build_folder=$root/build-$1
  definitions=("-DSKEIN_SANITIZE=$1")
  packages+=(sanitizers)
  export UBSAN_OPTIONS=print_stacktrace=1
  export LSAN_OPTIONS="suppressions=$root/tests/leak.supp print_suppressions=0"
  export TSAN_OPTIONS="suppressions=$root/tests/thread.supp second_deadlock_stack=1"
}

# The programs with several threads of ours.
test_threads() {
  targets=(test_actors test_store simulate)
  ((${#selection[@]} > 0)) || selection=(--tests-regex '^(actors|store|simulation):')
}

fuzz() {  # seconds for each parser
  definitions+=("-DSKEIN_FUZZ_SECONDS=$1")
  targets=(fuzzers)
}
