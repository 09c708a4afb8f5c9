# Warnings and compile settings shared by every target of ours.
add_library(skein_settings INTERFACE)
target_compile_options(skein_settings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wno-psabi)
target_include_directories(skein_settings INTERFACE ${CMAKE_SOURCE_DIR})

# skein_precompile(<target> <header>): parses the header once for all files of the target. Templates
# are instantiated in it too, which is where most of the time goes (clang only).
function(skein_precompile target header)
  target_precompile_headers(${target} PRIVATE ${header})
  if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
    # Else ccache would see another precompiled header in each build.
    target_compile_options(${target} PRIVATE "SHELL:-Xclang -fno-pch-timestamp")
  endif()
endfunction()

# skein_library(<folder> <source>...): the one library of a folder.
function(skein_library name)
  add_library(skein_${name} STATIC ${ARGN})
  add_library(skein::${name} ALIAS skein_${name})
  target_link_libraries(skein_${name} PUBLIC skein_settings)
  if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/precompiled.hpp)
    skein_precompile(skein_${name} ${CMAKE_CURRENT_SOURCE_DIR}/precompiled.hpp)
  endif()
endfunction()

# skein_program(<name> <source>...): an executable in build/bin.
function(skein_program name)
  add_executable(${name} ${ARGN})
  target_link_libraries(${name} PRIVATE skein_settings)
endfunction()
