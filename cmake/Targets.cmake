# Warnings and compile settings shared by every target of ours.
add_library(skein_settings INTERFACE)
target_compile_options(skein_settings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wno-psabi)
target_include_directories(skein_settings INTERFACE ${CMAKE_SOURCE_DIR})

# skein_library(<folder> <source>...): the one library of a folder.
function(skein_library name)
  add_library(skein_${name} STATIC ${ARGN})
  add_library(skein::${name} ALIAS skein_${name})
  target_link_libraries(skein_${name} PUBLIC skein_settings)
endfunction()

# skein_program(<name> <source>...): an executable in build/bin.
function(skein_program name)
  add_executable(${name} ${ARGN})
  target_link_libraries(${name} PRIVATE skein_settings)
endfunction()
