# shellcheck shell=bash
# All that ./skein-up and ./skein-test have in common. Sourced; needs $root and $program.
# To check them: shellcheck -x skein-up skein-test .ci/run

setup=${root:?}/tools/setup
deps=$root/.deps

# shellcheck source=tools/setup/say.sh
. "$setup/say.sh"
# shellcheck source=tools/setup/job.sh
. "$setup/job.sh"
# shellcheck source=tools/setup/apt.sh
. "$setup/apt.sh"
# shellcheck source=tools/setup/npm.sh
. "$setup/npm.sh"
# shellcheck source=tools/setup/build.sh
. "$setup/build.sh"

install_dependencies() {  # section of packages.txt...
  check_system
  install_packages "$@"
  install_npm
}
