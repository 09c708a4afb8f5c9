// Tells ThreadSanitizer what CAF's library does not show it. CAF passes messages, actors and their
// references from thread to thread through atomics; half of them are in libcaf_core.so, which is
// not instrumented, so that every message would be taken for a race. Each function here stands
// before the library's of the same name, notes the order that it makes, and calls it. Only in a
// build with SKEIN_SANITIZE=thread, and only as good as CAF 0.17.6.
#include <caf/all.hpp>
#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>

extern "C" {
void __tsan_acquire(void*);
void __tsan_release(void*);
}

namespace {

/// The library's own function.
template <class Function>
Function* next(const char* symbol) {
  auto* found = ::dlsym(RTLD_NEXT, symbol);
  if (!found) {
    std::fprintf(stderr, "libcaf_core.so has no %s: this is not CAF 0.17.6\n", symbol);
    std::abort();
  }
  return reinterpret_cast<Function*>(found);
}

void release(const void* what) { __tsan_release(const_cast<void*>(what)); }
void acquire(const void* what) { __tsan_acquire(const_cast<void*>(what)); }

} // namespace

namespace caf {

// -- a mailbox: what was done before a message was put in, before what is done with it --

void scheduled_actor::enqueue(mailbox_element_ptr what, execution_unit* by) {
  static auto* const original = next<void(scheduled_actor*, mailbox_element_ptr, execution_unit*)>(
      "_ZN3caf15scheduled_actor7enqueueESt10unique_ptrINS_15mailbox_elementENS_6detail8disposerEE"
      "PNS_14execution_unitE");
  release(this);
  original(this, std::move(what), by);
}

invoke_message_result scheduled_actor::consume(mailbox_element& what) {
  static auto* const original = next<invoke_message_result(scheduled_actor*, mailbox_element&)>(
      "_ZN3caf15scheduled_actor7consumeERNS_15mailbox_elementE");
  acquire(this);
  const auto result = original(this, what);
  release(this); // an actor goes from thread to thread between two messages
  return result;
}

void blocking_actor::enqueue(mailbox_element_ptr what, execution_unit* by) {
  static auto* const original = next<void(blocking_actor*, mailbox_element_ptr, execution_unit*)>(
      "_ZN3caf14blocking_actor7enqueueESt10unique_ptrINS_15mailbox_elementENS_6detail8disposerEE"
      "PNS_14execution_unitE");
  release(this);
  original(this, std::move(what), by);
}

void blocking_actor::await_data() {
  static auto* const original
      = next<void(blocking_actor*)>("_ZN3caf14blocking_actor10await_dataEv");
  original(this);
  acquire(this);
}

bool blocking_actor::await_data(timeout_type until) {
  static auto* const original = next<bool(blocking_actor*, timeout_type)>(
      "_ZN3caf14blocking_actor10await_dataENSt6chrono10time_pointINS1_3_V212system_clockE"
      "NS1_8durationIlSt5ratioILl1ELl1000000000EEEEEE");
  const bool there = original(this, until);
  acquire(this);
  return there;
}

// -- a start: what its parent did, before what the actor does --

void scheduled_actor::launch(execution_unit* by, bool lazy, bool hidden) {
  static auto* const original = next<void(scheduled_actor*, execution_unit*, bool, bool)>(
      "_ZN3caf15scheduled_actor6launchEPNS_14execution_unitEbb");
  release(this);
  original(this, by, lazy, hidden);
}

bool scheduled_actor::activate(execution_unit* by) {
  static auto* const original = next<bool(scheduled_actor*, execution_unit*)>(
      "_ZN3caf15scheduled_actor8activateEPNS_14execution_unitE");
  acquire(this);
  const bool alive = original(this, by);
  release(this);
  return alive;
}

// -- an end: what was done before a message was put in, before it is thrown away --

bool scheduled_actor::cleanup(error&& why, execution_unit* by) {
  static auto* const original = next<bool(scheduled_actor*, error&&, execution_unit*)>(
      "_ZN3caf15scheduled_actor7cleanupEONS_5errorEPNS_14execution_unitE");
  acquire(this);
  return original(this, std::move(why), by);
}

bool blocking_actor::cleanup(error&& why, execution_unit* by) {
  static auto* const original = next<bool(blocking_actor*, error&&, execution_unit*)>(
      "_ZN3caf14blocking_actor7cleanupEONS_5errorEPNS_14execution_unitE");
  acquire(this);
  return original(this, std::move(why), by);
}

// -- a last reference: what was done with the others, before the end --

void intrusive_ptr_release(actor_control_block* what) {
  static auto* const original = next<void(actor_control_block*)>(
      "_ZN3caf21intrusive_ptr_releaseEPNS_19actor_control_blockE");
  release(what);
  acquire(what);
  original(what);
}

void ref_counted::deref() const noexcept {
  static auto* const original = next<void(const ref_counted*)>("_ZNK3caf11ref_counted5derefEv");
  release(this);
  acquire(this);
  original(this);
}

} // namespace caf
