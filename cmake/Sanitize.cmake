# SKEIN_SANITIZE builds everything of ours with a sanitizer; docs/testing.md says how to run it.
set(SKEIN_SANITIZE "" CACHE STRING
  "Empty, address (AddressSanitizer and UBSan), thread (ThreadSanitizer) or fuzz (libFuzzer)")
set_property(CACHE SKEIN_SANITIZE PROPERTY STRINGS "" address thread fuzz)

# In seconds. Nothing waits for so long: it ends a test that hangs.
set(SKEIN_TEST_TIMEOUT 120)
set(SKEIN_SYSTEM_TEST_TIMEOUT 280)

if(SKEIN_SANITIZE STREQUAL "")
  return()
elseif(SKEIN_SANITIZE STREQUAL "address")
  set(sanitizers -fsanitize=address,undefined)
elseif(SKEIN_SANITIZE STREQUAL "thread")
  set(sanitizers -fsanitize=thread)
elseif(SKEIN_SANITIZE STREQUAL "fuzz")
  # Coverage everywhere; libFuzzer's main() only in the programs of tests/fuzz.
  set(sanitizers -fsanitize=address,undefined,fuzzer-no-link)
else()
  message(FATAL_ERROR "SKEIN_SANITIZE is '${SKEIN_SANITIZE}'; "
    "expected nothing, address, thread or fuzz")
endif()

# A finding ends the program, so that no test passes over it.
add_compile_options(${sanitizers} -fno-sanitize-recover=all -fno-omit-frame-pointer)
add_link_options(${sanitizers})
set(SKEIN_TEST_TIMEOUT 900)
set(SKEIN_SYSTEM_TEST_TIMEOUT 1200)
# Sanitized code is slow to compile, too: -O1 still has usable stack traces.
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O1 -g1")
