#pragma once

#include "events/failure.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

/// What the targets of tests/fuzz are made of: one parser each, and what must hold of all bytes.
namespace skein::fuzz {

using target = void (*)(std::string_view bytes);

/// Ends the program where a property does not hold: libFuzzer and the replay keep the bytes.
inline void must(bool holds, const char* property) {
  if (holds)
    return;
  std::fprintf(stderr, "does not hold: %s\n", property);
  std::abort();
}

/// What was refused is told in a sentence.
inline void must_say_why(const failure& refused) {
  must(refused.what.size() > 10, "a refusal says why");
}

/// Takes a number off the front, for targets that have a choice: 0 once there are no bytes left.
inline unsigned take_byte(std::string_view& bytes) {
  if (bytes.empty())
    return 0;
  const auto first = static_cast<unsigned char>(bytes.front());
  bytes.remove_prefix(1);
  return first;
}

/// Makes a target known to the replay (replay_corpus.cpp).
bool add_target(const char* name, target);

} // namespace skein::fuzz

// SKEIN_FUZZ(record, bytes) { … } is the target `record`, given `bytes`. libFuzzer has one program
// for each; the ordinary build has one for all of them.
#ifdef SKEIN_FUZZER
#define SKEIN_FUZZ(name, bytes)                                                                    \
  static void fuzz_##name(std::string_view);                                                       \
  extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {                        \
    fuzz_##name({reinterpret_cast<const char*>(data), size});                                      \
    return 0;                                                                                      \
  }                                                                                                \
  static void fuzz_##name(std::string_view bytes)
#else
#define SKEIN_FUZZ(name, bytes)                                                                    \
  static void fuzz_##name(std::string_view);                                                       \
  [[maybe_unused]] static const bool name##_added = skein::fuzz::add_target(#name, fuzz_##name);   \
  static void fuzz_##name(std::string_view bytes)
#endif
