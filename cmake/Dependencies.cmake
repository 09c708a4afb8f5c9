# Everything Skein builds on. docs/dependencies.md says why each is there.
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(Protobuf REQUIRED)
find_package(zstd CONFIG REQUIRED)
find_package(RocksDB CONFIG REQUIRED)
find_package(spdlog CONFIG REQUIRED)
find_package(fmt CONFIG REQUIRED)
find_package(yaml-cpp CONFIG REQUIRED)
find_package(date CONFIG REQUIRED)
find_package(nlohmann_json CONFIG REQUIRED)
find_package(tl-expected CONFIG REQUIRED)
find_package(CURL REQUIRED)
find_package(prometheus-cpp CONFIG REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(Boost 1.81 CONFIG REQUIRED)

# Debian's cnats-config.cmake names a static library that the package lacks.
pkg_check_modules(NATS REQUIRED IMPORTED_TARGET libnats)

pkg_check_modules(JEMALLOC REQUIRED IMPORTED_TARGET jemalloc)

# CMake's own FindCurses takes the narrow library where both are there.
find_path(NCURSES_INCLUDE_DIR ncurses.h REQUIRED)
find_library(NCURSESW_LIB ncursesw REQUIRED)
find_library(TINFO_LIB tinfo REQUIRED)
add_library(NCurses::ncursesw INTERFACE IMPORTED)
set_target_properties(NCurses::ncursesw PROPERTIES
  INTERFACE_INCLUDE_DIRECTORIES "${NCURSES_INCLUDE_DIR}"
  INTERFACE_LINK_LIBRARIES "${NCURSESW_LIB};${TINFO_LIB}")

# Debian's CAF ships neither a CMake config nor a .pc file.
find_path(CAF_INCLUDE_DIR caf/actor_system.hpp REQUIRED)
find_library(CAF_CORE_LIB caf_core REQUIRED)
add_library(CAF::core SHARED IMPORTED)
set_target_properties(CAF::core PROPERTIES
  IMPORTED_LOCATION "${CAF_CORE_LIB}"
  INTERFACE_INCLUDE_DIRECTORIES "${CAF_INCLUDE_DIR}"
  INTERFACE_LINK_LIBRARIES Threads::Threads)

# DuckDB is not in Debian 12: tools/setup/npm.sh puts it below .deps/.
set(DUCKDB_ROOT "${CMAKE_SOURCE_DIR}/.deps/duckdb" CACHE PATH
  "Folder with duckdb.h and libduckdb.so")
find_path(DUCKDB_INCLUDE_DIR duckdb.h HINTS ${DUCKDB_ROOT} ${DUCKDB_ROOT}/include REQUIRED)
find_library(DUCKDB_LIB duckdb HINTS ${DUCKDB_ROOT} ${DUCKDB_ROOT}/lib REQUIRED)
add_library(DuckDB::duckdb SHARED IMPORTED)
set_target_properties(DuckDB::duckdb PROPERTIES
  IMPORTED_LOCATION "${DUCKDB_LIB}"
  INTERFACE_INCLUDE_DIRECTORIES "${DUCKDB_INCLUDE_DIR}")
