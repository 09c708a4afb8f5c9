# shellcheck shell=bash
# Fetches what Debian 12 lacks from npm into .deps/, by version and hash. Sourced by install.sh.
#
#   .deps/npm/            the packages of npm/package-lock.json, and duckdb.h
#   .deps/duckdb/         duckdb.h and libduckdb.so, as cmake/Dependencies.cmake looks for them
#   .deps/vega-datasets/  the data files of examples/vega
#   .deps/npm.stamp       what is there; written last, so that a run cut short counts as none
: "${setup:?}" "${deps:?}"

duckdb_binding() {
  case $(uname -m) in
    x86_64) echo node-bindings-linux-x64 ;;
    aarch64) echo node-bindings-linux-arm64 ;;
    *) fail "there is no DuckDB library for $(uname -m); build it, and give its folder to cmake as DUCKDB_ROOT" ;;
  esac
}

npm_stamp() {
  local setup_hash
  setup_hash=$(cat "$setup"/npm.sh "$setup"/npm/{.npmrc,package.json,package-lock.json,duckdb-header} |
    sha256sum)
  echo "${setup_hash%% *} $(uname -m)"
}

npm_is_current() {  # stamp
  [[ -f $deps/npm.stamp && $(<"$deps/npm.stamp") == "$1" && -f $deps/duckdb/duckdb.h &&
    -f $deps/duckdb/libduckdb.so && -d $deps/vega-datasets/data ]]
}

# npm's own check covers what npm installs; the header comes out of a package that is not installed.
check_hash() {  # file sha512-<base64>
  local expected actual
  expected=$(base64 -d <<<"${2#sha512-}" | od -An -v -tx1 | tr -d ' \n')
  actual=$(sha512sum "$1")
  [[ ${actual%% *} == "$expected" ]] && return
  echo "$1 is not the file that tools/setup/npm/duckdb-header names: its SHA-512 is ${actual%% *}"
  return 1
}

# From the whole package only the header is used: neither its code nor its install script runs.
fetch_duckdb_header() {  # in the new folder
  local package hash
  read -r package hash <"$setup/npm/duckdb-header"
  npm pack --silent "$package" && check_hash "${package/@/-}.tgz" "$hash" &&
    tar -xzOf "${package/@/-}.tgz" package/src/duckdb/src/include/duckdb.h >duckdb.h &&
    rm "${package/@/-}.tgz"
}

fetch_npm() {  # folder library
  rm -rf "$1" && mkdir -p "$1" && cd "$1" || return
  cp "$setup"/npm/{.npmrc,package.json,package-lock.json} .
  npm ci --ignore-scripts --no-audit --no-fund && fetch_duckdb_header || return
  # npm passes over an optional package that it cannot fetch.
  [[ -f $2 && -d node_modules/vega-datasets/data ]] || {
    echo "npm passed over $2: it cannot be fetched, or its hash is not the one in package-lock.json"
    return 1
  }
  # Packages are dated 1985; ninja must see that a new version is newer than what it built.
  touch "$2"
}

place_npm() {  # new-folder library
  rm -rf "$deps/npm.stamp" "$deps/npm" "$deps/vega-datasets"
  mkdir -p "$deps/duckdb"
  mv "$1" "$deps/npm"
  ln -sfn npm/node_modules/vega-datasets "$deps/vega-datasets"
  ln -sfn "../npm/$2" "$deps/duckdb/libduckdb.so"
  ln -sfn ../npm/duckdb.h "$deps/duckdb/duckdb.h"
}

install_npm() {
  local stamp library
  stamp=$(npm_stamp)
  npm_is_current "$stamp" && return
  library=node_modules/@duckdb/$(duckdb_binding)/libduckdb.so
  say "fetching DuckDB and the example's datasets from npm (about 50 MB)"
  quietly npm fetch_npm "$deps/npm.part" "$library" ||
    fail "npm did not fetch them; see above: is the network there, and does 'npm ping' answer? Then run this again"
  place_npm "$deps/npm.part" "$library"
  echo "$stamp" >"$deps/npm.stamp"
}
